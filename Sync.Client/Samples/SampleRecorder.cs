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
            throw new RelayModelException(RelayModelFault.WrongType, "the row is null");
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
        if (!SampleBounds.IsId(id) || id.LastIndexOf('.') is not (> 0 and var end))
        {
            throw new ArgumentException($"'{id}' is no id of a sample: pass what Record returned", nameof(id));
        }

        // Where the sample is: a later version may name another dataset, in which the label would wait for ever.
        using ScorerLease lease = new(slot, model);
        return options is not null && lease.Scorer.Consent is { } consent && id.AsSpan(0, end).SequenceEqual(consent.Dataset)
            && queue.TryAdd(LabelLine(consent, id, label));
    }

    private string? Record(ModelScorer scorer, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, string? label)
    {
        scorer.RequireWidth(numbers.Length, categories.Length);
        if (options is null || scorer.Consent is not { } consent || (options.Fraction < 1 && Random.Shared.NextDouble() >= options.Fraction))
        {
            return null;
        }

        // Random: an id that held the time would tell when the row was seen.
        string id = $"{consent.Dataset}.{Guid.NewGuid():N}";
        if (consent.Write(id, numbers, categories) is not { } text)
        {
            return null;
        }

        SampleLine row = new(SampleKind.Samples, consent.Dataset, consent.Key, text);
        return (label is null ? queue.TryAdd(row) : queue.TryAdd(row, LabelLine(consent, id, label))) ? id : null;
    }

    private static SampleLine LabelLine(ConsentedColumns consent, string id, string label) =>
        new(SampleKind.Labels, consent.Dataset, SampleLine.ForLabels, ConsentedColumns.WriteLabel(id, label));

    private static void RequireLabel(string? label)
    {
        if (label is not null && !SampleBounds.IsLabel(label))
        {
            throw new ArgumentException(
                $"a label has 1 to {SampleBounds.LabelLength} characters, none of them a control character", nameof(label));
        }
    }
}
