using System.Data.Common;
using Dapper;
using Relay.Server.Datasets.Samples;
using Relay.Server.Storage;

namespace Relay.Server.Datasets.Reading;

/// <summary>Reads a dataset as it is when the reader is opened: whatever is added or deleted meanwhile, each pass sees the same samples in the same
/// order, that of their numbers.</summary>
internal sealed class SampleReader : IDisposable
{
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly Dictionary<long, string> _sources;

    /// <param name="position">Samples and labels with higher numbers are left out; null for none.</param>
    public SampleReader(Dataset dataset, long? position)
    {
        _connection = dataset.Samples.OpenForReads();
        _transaction = dataset.Samples.BeginRead(_connection);
        long last = SampleState.Read(_connection, _transaction).Position;
        Position = Math.Min(position ?? last, last);
        _sources = _connection.Query<(long Number, string Name)>("SELECT number, name FROM sources", transaction: _transaction)
            .ToDictionary(source => source.Number, source => source.Name);
    }

    /// <summary>The number up to which it reads: no higher than the last one of the dataset.</summary>
    public long Position { get; }

    public string NameOf(long source) => _sources[source];

    public bool IsNode(long source) => SampleSource.IsNodeName(_sources[source]);

    public IEnumerable<ReadSample> Read(CancellationToken cancellationToken)
    {
        List<(long, string)> votes = [];
        Row? sample = null;
        foreach (Row row in _connection.Query<Row>(
            """
            SELECT s.position, s.id, s.source, s.label, s.cells,
                l.position AS LabelPosition, l.source AS LabelSource, l.label AS OtherLabel
            FROM samples s LEFT JOIN labels l ON l.sample = s.id AND l.position <= @Position
            WHERE s.position <= @Position ORDER BY s.position, l.position
            """,
            new { Position }, _transaction, buffered: false))
        {
            if (row.Position != sample?.Position)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (sample is not null)
                {
                    yield return Decide(sample, votes);
                }

                (sample, votes) = (row, row.Label is { } own ? [(row.Source, own)] : []);
            }

            if (row.OtherLabel is { } other)
            {
                // One that waited for its sample is older than the label that came with that.
                bool isOlder = row.Label is not null && row.LabelPosition < row.Position;
                votes.Insert(isOlder ? votes.Count - 1 : votes.Count, (row.LabelSource!.Value, other));
            }
        }

        if (sample is not null)
        {
            yield return Decide(sample, votes);
        }
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private ReadSample Decide(Row sample, List<(long, string)> votes) =>
        new(sample.Position, sample.Id, sample.Source, sample.Cells, LabelVerdict.Decide(sample.Source, votes, IsNode));

    private sealed class Row
    {
        public long Position { get; init; }

        public string Id { get; init; } = "";

        public long Source { get; init; }

        public string? Label { get; init; }

        public byte[] Cells { get; init; } = [];

        public long? LabelPosition { get; init; }

        public long? LabelSource { get; init; }

        public string? OtherLabel { get; init; }
    }
}
