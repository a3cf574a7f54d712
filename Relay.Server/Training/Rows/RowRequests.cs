using System.Data.Common;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Training.Rows;

/// <summary>What processes that train want of the relay that works: the rows of runs from datasets.</summary>
internal sealed class RowRequests(RelayDatabase database)
{
    /// <summary>Asks, in place of an earlier process that had the run.</summary>
    public void Add(RowRequest request) => database.Write((connection, transaction) => connection.Execute(
        """
        INSERT INTO row_requests (run, folder) VALUES (@Run, @Folder)
        ON CONFLICT (run) DO UPDATE SET folder = excluded.folder, answer = NULL
        """,
        request, transaction));

    /// <summary>Null until the relay has answered.</summary>
    public RowAnswer? FindAnswer(RowRequest request)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<string?>("SELECT answer FROM row_requests WHERE run = @Run AND folder = @Folder", request) is { } json
            ? RowAnswer.FromJson(json)
            : null;
    }

    /// <summary>Those without an answer, the oldest run first.</summary>
    public IReadOnlyList<RowRequest> FindOpen()
    {
        using DbConnection connection = database.Open();
        return [.. connection.Query<RowRequest>("SELECT run, folder FROM row_requests WHERE answer IS NULL ORDER BY run")];
    }

    /// <returns>False when the request is no more.</returns>
    public bool TryAnswer(RowRequest request, RowAnswer answer) => database.Write((connection, transaction) => connection.Execute(
        "UPDATE row_requests SET answer = @answer WHERE run = @Run AND folder = @Folder AND answer IS NULL",
        new { request.Run, request.Folder, answer = answer.ToJson() }, transaction) > 0);

    public void Delete(RowRequest request) => database.Write((connection, transaction) => connection.Execute(
        "DELETE FROM row_requests WHERE run = @Run AND folder = @Folder", request, transaction));
}
