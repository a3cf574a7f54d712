using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Shared.Contracts.Models;

namespace Relay.Training.Gates.Incumbents;

/// <summary>The incumbent's answers for rows of this run. Each set of rows is scored once, when a gate first asks for it.</summary>
internal sealed class IncumbentScores(IncumbentModel incumbent, LoadedData data, CancellationToken cancellationToken)
{
    /// <summary>Held-out rows that are compared; of more, as many are taken, evenly spaced.</summary>
    public const int MaxRows = 250_000;

    private Predictions? _heldOut;
    private Predictions? _sample;

    public ModelCard Card => incumbent.Card;

    /// <summary>The held-out rows that are compared.</summary>
    public int[] Rows { get; } = Spread(data.Test.Labels.Length);

    /// <summary>Answers for <see cref="Rows"/>.</summary>
    public Predictions HeldOut => _heldOut ??= Score(data.Test, Rows);

    /// <summary>Answers for the sample of training rows.</summary>
    public Predictions Sample => _sample ??= Score(data.Facts.Sample, null);

    /// <summary>Why it cannot score the rows of this run; null where it can.</summary>
    public string? FindUnreadable(ModelTask task)
    {
        if (Card.Schema.Task != task)
        {
            return $"version {Card.Version} has the task {Card.Schema.Task}";
        }

        string? missing = Card.Schema.Inputs.FirstOrDefault(input => Find(data.Test, input) is null)?.Name;
        return missing is null ? null : $"version {Card.Version} reads the column '{missing}', which these data do not have in its type";
    }

    /// <summary>Per class of the incumbent, the same class of this run; -1 where this run has none of its name.</summary>
    public int[] MapClasses(IReadOnlyList<string> classes) =>
        [.. Card.Schema.Classes.Select(name => classes.ToList().IndexOf(name))];

    private Predictions Score(DataSet set, int[]? rows)
    {
        DataColumn[] columns = [.. Card.Schema.Inputs.Select(input => Find(set, input)!)];
        int count = rows?.Length ?? set.Labels.Length;
        if (rows is not null && count < set.Labels.Length)
        {
            RowSelection taken = RowSelection.At(rows);
            columns = [.. columns.Select(taken.Take)];
        }

        using OnnxSession session = new(incumbent.Artifact, Card.Schema);
        return session.Predict(columns, count, cancellationToken: cancellationToken);
    }

    private static DataColumn? Find(DataSet set, ColumnSpec input) =>
        set.Columns.FirstOrDefault(c => c.Name == input.Name && c is CategoryColumn == input.Type is ColumnType.Category);

    private static int[] Spread(int rows)
    {
        int count = Math.Min(rows, MaxRows);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows / count))];
    }
}
