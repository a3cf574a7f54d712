using System.Data.Common;
using Relay.Server.Storage.Postgres;

namespace Relay.Server.Storage;

/// <summary>A sample that is there.</summary>
internal sealed record StoredSample(long Position, long Source, string? Label, byte[] Cells);

/// <summary>A label that a sample got, or waits for its sample.</summary>
internal sealed record StoredLabel(long Position, long Source, string Label);

/// <summary>Looks samples and labels up and adds some, within one transaction. What it has added it finds; others find it after
/// <see cref="Complete"/>.</summary>
internal abstract class SampleRows
{
    public static SampleRows Create(DbConnection connection, DbTransaction transaction) => connection is PostgresConnection postgres
        ? new PostgresSampleRows(postgres)
        : new SqliteSampleRows(connection, transaction);

    /// <summary>Says what will be looked up: on a server, all of it takes one way there and back.</summary>
    /// <param name="marks">Hashes of ids, to look for those that were forgotten.</param>
    public virtual void Expect(IReadOnlyCollection<string> ids, IReadOnlyCollection<byte[]> marks)
    {
    }

    public abstract StoredSample? FindSample(string id);

    /// <summary>The labels of a sample but the one that came with it, the oldest first.</summary>
    public abstract IReadOnlyList<StoredLabel> FindLabels(string id);

    /// <param name="mark">The hash of an id.</param>
    public abstract bool IsForgotten(byte[] mark);

    /// <param name="receivedAt">In milliseconds since 1970.</param>
    public abstract void Add(string id, StoredSample sample, long receivedAt, bool isConflict);

    /// <param name="receivedAt">In milliseconds since 1970.</param>
    public abstract void Add(string id, StoredLabel label, long receivedAt, bool isConflict);

    /// <summary>Called after the last row.</summary>
    public virtual void Complete()
    {
    }
}
