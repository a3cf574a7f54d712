using Relay.Training.Gates;
using Relay.Training.Tuning;
using Shared.Contracts.Models;

namespace Relay.Training.Budgets;

/// <summary>The models that a search measured, and which of them is the best within the budget.</summary>
/// <param name="models">Grows while the search goes on.</param>
/// <param name="largest">The full model as the search measured it.</param>
internal sealed class BudgetChoices(FullModel full, IReadOnlyList<SmallModel> models, SmallModel largest)
{
    // A machine is never as quiet as when it was measured.
    private const double TimeMargin = 0.9;

    // Trainings that may show that a file is smaller than was expected.
    private const int MaxAttempts = 4;

    private readonly BudgetSpec _budget = full.Spec.Budget!;
    private readonly Dictionary<SmallModel, long> _tooLarge = new(ReferenceEqualityComparer.Instance);

    public bool IsWithinLoss(SmallModel model) => !(model.SafePoints > _budget.MaxQualityLoss);

    /// <summary>The best so far without a look at times, which takes time: within the loss where there is one.</summary>
    public SmallModel FindBest() => Ordered().FirstOrDefault(FitsSize) ?? models.MinBy(m => m.Loss.Points)!;

    /// <summary>The best that fits.</summary>
    /// <exception cref="TrainingException">With <see cref="TrainingFault.OverBudget"/>: none does.</exception>
    public SmallModel Choose(CancellationToken cancellationToken)
    {
        foreach (SmallModel model in Ordered().Where(FitsSize).Concat(MayFitSize()))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_budget.MaxMicroseconds is not { } most || TimeOf(model) <= most * TimeMargin)
            {
                return model;
            }
        }

        throw Refuse();
    }

    /// <summary>Leaves out a model whose file turned out to be too large.</summary>
    public void Exclude(SmallModel model, long fileBytes) => _tooLarge.Add(model, fileBytes);

    /// <param name="chosenBytes">Of the file of the version.</param>
    public BudgetSummary Summarize(SmallModel chosen, long chosenBytes) => new()
    {
        Figure = LossTally.FigureOf(full.Spec.Task),
        Folds = TuningFolds.Count,
        Models = models.Count,
        Full = largest.ToPoint() with { IsFull = true },
        Chosen = chosen.ToPoint() with { SizeBytes = chosenBytes, IsChosen = true },
        Parameters = chosen.Parameters,
    };

    /// <summary>The points of the card.</summary>
    /// <param name="chosenBytes">Of the file of the version.</param>
    public IReadOnlyList<FrontierPoint> ListFrontier(SmallModel chosen, long chosenBytes, CancellationToken cancellationToken)
    {
        List<FrontierPoint> points = [];
        foreach (SmallModel model in Frontier.Choose(models, chosen, largest))
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeOf(model);
            bool isChosen = ReferenceEquals(model, chosen);
            points.Add(model.ToPoint() with
            {
                SizeBytes = isChosen ? chosenBytes : model.Bytes,
                IsChosen = isChosen,
                IsFull = ReferenceEquals(model, largest),
            });
        }

        return points;
    }

    private IEnumerable<SmallModel> Ordered() => _budget.MaxQualityLoss is null
        ? models.OrderBy(m => m.Loss.Points).ThenBy(m => m.Bytes)
        : models.Where(IsWithinLoss).OrderBy(m => m.Bytes).ThenBy(m => m.Loss.Points);

    private bool FitsSize(SmallModel model) => !(model.Bytes > _budget.MaxBytes) && !_tooLarge.ContainsKey(model);

    // What stands beside the graph was measured with the full model; a smaller model may have shorter figures and golden vectors.
    private IEnumerable<SmallModel> MayFitSize() => models
        .Where(m => m.Bytes > _budget.MaxBytes && m.Bytes - full.BytesBesideGraph < _budget.MaxBytes && IsWithinLoss(m))
        .OrderBy(m => m.Bytes).ThenBy(m => m.Loss.Points).Take(MaxAttempts).Where(m => !_tooLarge.ContainsKey(m));

    private long BytesOf(SmallModel model) => _tooLarge.TryGetValue(model, out long fileBytes) ? fileBytes : model.Bytes;

    private double TimeOf(SmallModel model) => model.Microseconds ??= full.TimeOf(model.Create(), model.Parameters);

    private TrainingException Refuse()
    {
        SmallModel smallest = models.MinBy(BytesOf)!;
        string figure = LossTally.FigureOf(full.Spec.Task);
        string bounds = string.Join(", ", ((string?[])
        [
            _budget.MaxBytes is { } bytes ? $"maxBytes {bytes}" : null,
            _budget.MaxMicroseconds is { } time ? $"maxMicroseconds {GateVerdicts.Number(time)}" : null,
            _budget.MaxQualityLoss is { } loss ? $"maxQualityLoss {GateVerdicts.Number(loss)}" : null,
        ]).Where(bound => bound is not null));
        string within = _budget.MaxQualityLoss is not null && models.Where(IsWithinLoss).MinBy(BytesOf) is { } kept
            ? $"the smallest within the loss has {Describe(kept)}; "
            : "";
        return new TrainingException(
            TrainingFault.OverBudget,
            $"spec, budget: none of {models.Count} models fits {bounds}; the full model has {Describe(largest)}, {figure} "
            + $"{GateVerdicts.Number(largest.Loss.Quality)}; {within}the smallest of all has {Describe(smallest)}. "
            + "Allow more bytes, time or loss, or give the spec fewer columns or classes");
    }

    private string Describe(SmallModel model) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{BytesOf(model)} bytes, {TimeOf(model):0.##} microseconds and a loss of {model.Loss.Points:0.###} points "
            + $"({model.Parameters.Trees} trees{(model.Parameters.Leaves is { } leaves ? $" of {leaves} leaves" : "")})");
}
