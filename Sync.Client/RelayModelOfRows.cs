using Microsoft.Extensions.DependencyInjection;
using Sync.Client.Hosting;
using Sync.Client.Scoring;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client;

/// <summary>Reads rows with the code compiled for the active version, and scores them with that version.</summary>
internal sealed class RelayModelOfRows<TRow> : IRelayModel<TRow>
{
    // Rows of a batch that are read and then scored together.
    private const int BlockRows = 64;
    private readonly ReleaseSlot _slot;

    /// <summary>For the only model that takes rows of this type.</summary>
    public RelayModelOfRows(RelayNodes nodes)
        : this(nodes.FindNode(typeof(TRow), key: null))
    {
    }

    public RelayModelOfRows(RelayNodes nodes, [ServiceKey] string key)
        : this(nodes.FindNode(typeof(TRow), key))
    {
    }

    private RelayModelOfRows((SyncClient Node, string? Model) found)
        : this(found.Node.ModelOfRows(typeof(TRow), found.Model), found.Node.Slot)
    {
    }

    internal RelayModelOfRows(IRelayModel untyped, ReleaseSlot slot) => (Untyped, _slot) = (untyped, slot);

    public IRelayModel Untyped { get; }

    public Prediction Predict(TRow row) => Predict(row, []);

    public Prediction Predict(TRow row, Span<float> probabilities)
    {
        using ScorerLease lease = new(_slot, Untyped.Name);
        return Answer(lease.Scorer, lease.Scorer.Classes, row, probabilities);
    }

    public void PredictBatch(ReadOnlySpan<TRow> rows, Span<Prediction> predictions, Span<float> probabilities = default)
    {
        using ScorerLease lease = new(_slot, Untyped.Name);
        ModelScorer scorer = lease.Scorer;
        scorer.CheckRoom(rows.Length, predictions.Length);
        RowReader<TRow> reader = scorer.Rows.Get<TRow>();
        if (!probabilities.IsEmpty)
        {
            scorer.CheckRoom((long)rows.Length * scorer.OutputWidth, probabilities.Length);
        }

        using BorrowedRows borrowed = new(reader.Numbers * BlockRows, reader.Categories * BlockRows);
        for (int done = 0; done < rows.Length; done += BlockRows)
        {
            int count = Math.Min(BlockRows, rows.Length - done);
            for (int i = 0; i < count; i++)
            {
                Read(scorer, reader, rows[done + i], borrowed.Buffer, i);
            }

            scorer.Answer(
                scorer.Classes, borrowed.Numbers(reader.Numbers * count), borrowed.Categories(reader.Categories * count),
                predictions.Slice(done, count),
                probabilities.IsEmpty ? [] : probabilities.Slice(done * scorer.OutputWidth, count * scorer.OutputWidth));
        }
    }

    public AnomalyScore ScoreSamples(TRow row)
    {
        using ScorerLease lease = new(_slot, Untyped.Name);
        return Answer(lease.Scorer, lease.Scorer.Anomalies, row, []);
    }

    public PredictedValue PredictValue(TRow row)
    {
        using ScorerLease lease = new(_slot, Untyped.Name);
        return Answer(lease.Scorer, lease.Scorer.Values, row, []);
    }

    public ActiveModelVersion Transform(TRow row, Span<float> features)
    {
        using ScorerLease lease = new(_slot, Untyped.Name);
        RowReader<TRow> reader = lease.Scorer.Rows.Get<TRow>();
        using BorrowedRows borrowed = new(reader.Numbers, reader.Categories);
        Read(lease.Scorer, reader, row, borrowed.Buffer, 0);
        lease.Scorer.Transform(borrowed.Numbers(reader.Numbers), features);
        return lease.Scorer.Version;
    }

    public Explanation Explain(TRow row)
    {
        using ScorerLease lease = new(_slot, Untyped.Name);
        RowReader<TRow> reader = lease.Scorer.Rows.Get<TRow>();
        using BorrowedRows borrowed = new(reader.Numbers, reader.Categories);
        Read(lease.Scorer, reader, row, borrowed.Buffer, 0);
        return lease.Scorer.Explain(borrowed.Numbers(reader.Numbers), borrowed.Categories(reader.Categories));
    }

    private static T Answer<T>(ModelScorer scorer, AnswerReader<T> answers, TRow row, Span<float> outputs)
    {
        RowReader<TRow> reader = scorer.Rows.Get<TRow>();
        using BorrowedRows borrowed = new(reader.Numbers, reader.Categories);
        Read(scorer, reader, row, borrowed.Buffer, 0);
        return scorer.Answer(answers, borrowed.Numbers(reader.Numbers), borrowed.Categories(reader.Categories), outputs);
    }

    private static void Read(ModelScorer scorer, RowReader<TRow> reader, TRow row, RowBuffer buffer, int index)
    {
        if (row is null)
        {
            throw scorer.CreateFault(RelayModelFault.WrongType, "the row is null");
        }

        reader.Read(row, buffer, index);
    }

    /// <summary>A buffer for the duration of a call.</summary>
    private readonly ref struct BorrowedRows(int numbers, int categories)
    {
        public RowBuffer Buffer { get; } = RowBuffer.Take(numbers, categories);

        public ReadOnlySpan<float> Numbers(int count) => Buffer.Numbers.AsSpan(0, count);

        public ReadOnlySpan<string> Categories(int count) => Buffer.Categories.AsSpan(0, count);

        public void Dispose() => Buffer.Return();
    }
}
