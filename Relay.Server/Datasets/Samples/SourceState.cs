using System.Data.Common;
using Dapper;

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
        connection.Execute("INSERT INTO sources (name) VALUES (@name) ON CONFLICT DO NOTHING", new { name }, transaction);
        SourceState state = connection.QuerySingle<SourceState>(
            "SELECT number, rows, labels, day, used FROM sources WHERE name = @name", new { name }, transaction);

        if (day != state.Day)
        {
            (state.Day, state.Used) = (day, 0);
        }

        return state;
    }

    public void Write(DbConnection connection, DbTransaction transaction) => connection.Execute(
        "UPDATE sources SET rows = @Rows, labels = @Labels, day = @Day, used = @Used WHERE number = @Number", this, transaction);
}
