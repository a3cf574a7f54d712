using Shared.Contracts.Datasets;
using Sync.Client.Scoring;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Samples;

/// <summary>Keeps rows that the options and the signed file of the active version let the node send.</summary>
/// <param name="options">Null keeps nothing.</param>
/// <param name="modelOf">The name of the model that takes rows of a type.</param>
internal sealed class SampleRecorder(
    SampleOptions? options, ReleaseSlot slot, SampleQueue queue, SampleSender sender, Func<Type, string?, string> modelOf) : IRelaySamples
{
    public SampleCounts Counts => new(queue.Pending, sender.Taken, sender.Refused, queue.Dropped);

    public string? Record(string model, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories = default, string? label = null)
    {
        RequireLabel(label);
        using ScorerLease lease = new(slot, model);
        return Record(lease.Scorer, numbers, categories, label);
    }

    public string? RecordRow<TRow>(TRow row, string? model = null, string? label = null)
    {
        RequireLabel(label);
        using ScorerLease lease = new(slot, modelOf(typeof(TRow), model));
        RowReader<TRow> reader = lease.Scorer.Rows.Get<TRow>();
        if (row is null)
        {
            throw lease.Scorer.CreateFault(RelayModelFault.WrongType, "the row is null");
        }

        RowBuffer buffer = RowBuffer.Take(reader.Numbers, reader.Categories);
        try
        {
            reader.Read(row, buffer, 0);
            return Record(lease.Scorer, buffer.Numbers.AsSpan(0, reader.Numbers), buffer.Categories.AsSpan(0, reader.Categories), label);
        }
        finally
        {
            buffer.Return();
        }
    }

    public bool Label(string model, string id, string label)
    {
        RequireLabel(label);
        if (!SampleBounds.IsId(id))
        {
            throw new ArgumentException($"'{id}' is no id of a sample: pass what Record returned", nameof(id));
        }

        using ScorerLease lease = new(slot, model);
        return options is not null && lease.Scorer.Consent is { } consent
            && queue.TryAdd(SampleKind.Labels, consent.Dataset, ConsentedColumns.WriteLabel(id, label));
    }

    private string? Record(ModelScorer scorer, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, string? label)
    {
        scorer.CheckRow(numbers.Length, categories.Length);
        if (options is null || scorer.Consent is not { } consent || (options.Fraction < 1 && Random.Shared.NextDouble() >= options.Fraction))
        {
            return null;
        }

        string id = Guid.CreateVersion7().ToString("N");
        return consent.Write(id, numbers, categories) is { } line && queue.TryAdd(SampleKind.Samples, consent.Dataset, line)
            && (label is null || queue.TryAdd(SampleKind.Labels, consent.Dataset, ConsentedColumns.WriteLabel(id, label)))
            ? id
            : null;
    }

    private static void RequireLabel(string? label)
    {
        if (label is not null && !SampleBounds.IsLabel(label))
        {
            throw new ArgumentException(
                $"a label has 1 to {SampleBounds.LabelLength} characters, none of them a control character", nameof(label));
        }
    }
}
