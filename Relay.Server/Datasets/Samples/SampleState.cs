using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Datasets.Samples;

/// <summary>The sums of a dataset, as the transaction has them.</summary>
internal sealed class SampleState
{
    public byte[] Key { get; init; } = [];

    /// <summary>The number of the last sample or label.</summary>
    public long Position { get; set; }

    public long Rows { get; set; }

    public long Labels { get; set; }

    public long Conflicts { get; set; }

    public long Forgotten { get; set; }

    public static SampleState Read(DbConnection connection, DbTransaction? transaction) => connection.QuerySingle<SampleState>(
        "SELECT key, position, rows, labels, conflicts, forgotten FROM state", transaction: transaction);

    public void Write(DbConnection connection, DbTransaction transaction) => connection.Defer(
        "UPDATE state SET position = @Position, rows = @Rows, labels = @Labels, conflicts = @Conflicts, forgotten = @Forgotten",
        this, transaction);
}
