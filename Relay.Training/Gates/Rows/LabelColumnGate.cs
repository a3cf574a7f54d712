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

        DataColumn[] judged = [.. test.Columns.Where(c => EncodingChoice.EncodingOf(context.Spec, c.Name) is not CategoryEncoding.Lookup)];
        if (judged.Length == 0)
        {
            return this.NotApplicable("every column is looked up");
        }

        SpreadRows spread = new(test);
        ColumnPredictor predictor = ColumnPredictor.Create(test, spread);
        ColumnPrediction best = judged.Select(c => predictor.Predict(c.Name, spread.ValuesOf(AsTreesSeeIt(context, c))))
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

    // The texts of a counted column are too many to be learned one by one: the count tells what they say of the label.
    private static DataColumn AsTreesSeeIt(GateContext context, DataColumn column) =>
        column is CategoryColumn texts && EncodingChoice.EncodingOf(context.Spec, column.Name) is CategoryEncoding.Count
            ? new NumberColumn(column.Name, context.Data.Encoder.Encode(texts)[0])
            : column;
}
