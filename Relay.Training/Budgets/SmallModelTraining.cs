using Relay.Training.Data.Features;
using Relay.Training.Engines;
using Relay.Training.Export;
using Relay.Training.Gates;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>Trains the full model that a spec gives, searches a smaller one, and trains that on all training rows.</summary>
/// <param name="train">Trains, measures and packages a model of some parameters.</param>
internal sealed class SmallModelTraining(EngineCatalog engines, Func<ModelParameters, Candidate> train)
{
    /// <param name="known">The parameters that an earlier search chose, which are taken without a search; null: search.</param>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.OverBudget"/>: no model fits.</exception>
    /// <exception cref="OperationCanceledException">Within about a second of the request.</exception>
    public SmallModelResult Run(
        ModelSpec spec, LoadedData data, ModelParameters? known, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        Candidate whole = train(spec.Parameters);
        if (known is not null)
        {
            return new SmallModelResult(train(known)) { FullAnswers = whole.Answers };
        }

        BudgetChoices choices = new BudgetSearch(engines).Run(new FullModel(spec, data, whole), progress, cancellationToken);
        while (true)
        {
            SmallModel chosen = choices.Choose(cancellationToken);
            Candidate candidate = train(chosen.Parameters);
            if (candidate.Artifact.Length > spec.Budget!.MaxBytes)
            {
                // Golden vectors and figures are some bytes longer or shorter from model to model.
                choices.Exclude(chosen, candidate.Artifact.Length);
                continue;
            }

            return new SmallModelResult(candidate)
            {
                FullAnswers = whole.Answers,
                Frontier = choices.ListFrontier(chosen, candidate.Artifact.Length, cancellationToken),
                Summary = choices.Summarize(chosen, candidate.Artifact.Length),
            };
        }
    }
}

/// <summary>What a training run has to gate and to package.</summary>
internal sealed record SmallModelResult(Candidate Candidate)
{
    /// <summary>What the full model answers to the held-out rows; null where the spec has no budget.</summary>
    public Predictions? FullAnswers { get; init; }

    /// <summary>Null where nothing was searched.</summary>
    public IReadOnlyList<FrontierPoint>? Frontier { get; init; }

    /// <summary>Null where nothing was searched.</summary>
    public BudgetSummary? Summary { get; init; }
}
