using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Rows;

/// <summary>Fails where a column is the label under another name, and warns where one column alone predicts it: such a column is often written
/// after the label is known, and empty when the model has to answer.</summary>
internal sealed class LabelColumnGate : IGate
{
    private const int MinRows = 20;

    public string Name => "label-column";

    public GateBounds Defaults { get; } = new() { Warn = 0.99, Fail = 0.999 };

    public GateResult Check(GateContext context)
    {
        DataSet test = context.Data.Test;
        if (context.Spec.Task is not (ModelTask.Classification or ModelTask.Regression) || test.Labels.Length < MinRows)
        {
            return this.NotApplicable($"the task {context.Spec.Task} with {test.Labels.Length} held-out rows: it needs a label and {MinRows} rows");
        }

        DataColumn[] learned = [.. test.Columns.Where(c => EncodingChoice.IsLearned(context.Spec, c.Name))];
        if (learned.Length == 0)
        {
            return this.NotApplicable("every column is counted or looked up");
        }

        SpreadRows spread = new(test);
        ColumnPredictor predictor = ColumnPredictor.Create(test, spread);
        ColumnPrediction best = learned.Select(c => predictor.Predict(c.Name, spread.ValuesOf(c)))
            .MaxBy(p => (p.Quality, p.IsLabel))!;
        GateBounds bounds = context.BoundsOf(this);
        string found =
            $"the column '{best.Column}' alone predicts the label of {GateVerdicts.Percent(best.Quality)} of held-out rows, mean over the classes";
        return best.IsLabel && best.Quality >= bounds.Fail
                ? this.Result(
                    GateVerdict.Fail, best.Quality, bounds.Fail,
                    found + ", a value for each class: it is the label under another name; mark it ignore in the spec, " +
                        "or accept the gate with a reason")
            : best.Quality >= bounds.Warn
                ? this.Result(
                    GateVerdict.Warn, best.Quality, bounds.Fail, found + "; mark it ignore in the spec where it is known only after the label")
            : this.Result(GateVerdict.Pass, best.Quality, bounds.Fail, found);
    }
}
