using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Datasets.Samples;

/// <summary>The sums of a source, as the transaction has them.</summary>
internal sealed class SourceState
{
    public long Number { get; init; }

    public long Rows { get; set; }

    public long Labels { get; set; }

    /// <summary>The day of <see cref="Used"/>, counted from 1970 in UTC.</summary>
    public long Day { get; set; }

    /// <summary>Samples and labels that the source added on the day.</summary>
    public long Used { get; set; }

    public static SourceState ReadOrAdd(DbConnection connection, DbTransaction transaction, string name, long day)
    {
        SourceState state = Read(connection, transaction, name) ?? Add(connection, transaction, name);
        if (day != state.Day)
        {
            (state.Day, state.Used) = (day, 0);
        }

        return state;
    }

    public void Write(DbConnection connection, DbTransaction transaction) => connection.Defer(
        "UPDATE sources SET rows = @Rows, labels = @Labels, day = @Day, used = @Used WHERE number = @Number", this, transaction);

    private static SourceState? Read(DbConnection connection, DbTransaction transaction, string name) =>
        connection.QuerySingleOrDefault<SourceState>(
            "SELECT number, rows, labels, day, used FROM sources WHERE name = @name", new { name }, transaction);

    private static SourceState Add(DbConnection connection, DbTransaction transaction, string name) => connection.QuerySingle<SourceState>(
        """
        INSERT INTO sources (number, name) SELECT coalesce(max(number), 0) + 1, @name FROM sources
        RETURNING number, rows, labels, day, used
        """,
        new { name }, transaction);
}
