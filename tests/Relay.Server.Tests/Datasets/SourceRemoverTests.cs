using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets;
using Relay.Server.Datasets.Removal;
using Relay.Server.Datasets.Samples;
using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed class SourceRemoverTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_MorePartsThanOne_DeletesAllOfTheSourceAndWhatItAddedSince()
    {
        await CreateAsync(fixture.Relay, "parts");
        Dataset dataset = fixture.Relay.Services.GetRequiredService<DatasetStore>().Find("parts")!;
        await AddAsync(fixture.Relay.Admin, "parts", [.. Enumerable.Range(0, 10).Select(i => $$"""{"id":"key-{{i}}","length":1}""")]);
        await InsertAsync(dataset, first: 100);
        SourceRemover remover = new(dataset.Samples, SourceRemover.Find(dataset.Samples, "node:n")!.Value, now: 1, batchRows: 3);

        int first = await remover.RunAsync(Cancel);
        await InsertAsync(dataset, first: 200);
        int second = await remover.RunAsync(Cancel);

        Assert.Equal((10, 10), (first, second));
        DatasetView view = await ViewAsync(fixture.Relay, "parts");
        Assert.Equal((10, 0, 20), (view.Rows, view.Labels, view.Forgotten));
        Assert.Equal((0, 0), view.Sources.Where(source => source.Name == "node:n").Select(source => (source.Rows, source.Labels)).Single());
        Assert.Null(SourceRemover.Find(dataset.Samples, "node:other"));
    }

    /// <summary>To look for each part from the first row takes a time that grows with the square of the rows.</summary>
    [Theory]
    [InlineData("samples")]
    [InlineData("labels")]
    public async Task Query_OfAPart_GoesOnFromTheNumberOfARow(string table)
    {
        await CreateAsync(fixture.Relay, $"plan-{table}");
        Dataset dataset = fixture.Relay.Services.GetRequiredService<DatasetStore>().Find($"plan-{table}")!;
        using DbConnection connection = dataset.Samples.OpenForReads();

        if (connection is not SqliteConnection)
        {
            Assert.Contains("Index Cond: (\"position\" > ", Explain(connection, table), StringComparison.Ordinal);
            return;
        }

        string[] plan = [.. connection.Query<(long, long, long, string Detail)>(
            $"EXPLAIN QUERY PLAN {SourceRemover.Query(table)}", new { source = 1, after = 1, batchRows = 1 }).Select(step => step.Detail)];

        Assert.Equal([$"SEARCH {table} USING INTEGER PRIMARY KEY (rowid>?)"], plan);
    }

    [Fact]
    public void Find_RowsInMemory_CountForTheirSourceAlone()
    {
        using TemporaryFolder folder = new();
        TemporaryCopies copies = new(new DataFolder(folder.FullPath));

        using IDisposable file = copies.Begin("d");
        IDisposable rows = copies.Begin("d", "node:n");
        IReadOnlyList<string> found = copies.Find("d", "node:n");

        Assert.Equal((1, 1, 2, 0), (copies.Find("d").Count, copies.Find("d", "node:m").Count, found.Count, copies.Find("e", "node:n").Count));
        rows.Dispose();
        Assert.Single(copies.Find("d", "node:n"));
        Assert.True(copies.HasAnyOf(found));
    }

    [Fact]
    public async Task Check_UploadOfANodeWhileItArrives_CountsForItsSource()
    {
        TemporaryCopies copies = fixture.Relay.Services.GetRequiredService<TemporaryCopies>();
        DefaultHttpContext context = new() { RequestServices = fixture.Relay.Services, User = NodeIdentity.Create("n") };
        context.Request.RouteValues["name"] = "arrives";
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new UploadBody(1000, SampleSource.NameOfNode)), null));
        IReadOnlyList<string>[] found = [];

        await JsonBodyCheck.InvokeAsync(context, _ =>
        {
            found = [copies.Find("arrives", "node:n"), copies.Find("arrives", "node:m"), copies.Find("arrives")];
            return Task.CompletedTask;
        });

        Assert.Equal([1, 0, 0], found.Select(some => some.Count));
        Assert.Empty(copies.Find("arrives", "node:n"));
    }

    private static string Explain(DbConnection connection, string table) => string.Concat(connection.Query<string>(
        "EXPLAIN " + SourceRemover.Query(table), new { source = 1L, after = 1L, batchRows = 1 }));

    // Ten samples, and a label of each of a sample of another source.
    private static Task InsertAsync(Dataset dataset, int first) => dataset.Samples.WriteAsync(
        (connection, transaction) => connection.Execute(
            """
            INSERT INTO sources (number, name) VALUES (77, 'node:n') ON CONFLICT DO NOTHING;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
            INSERT INTO samples (position, id, source, received_at, label, cells) SELECT @first + 2 * i, 'n-' || (@first + i), 77, 0, NULL, @none FROM n;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
            INSERT INTO labels (position, sample, source, received_at, label, is_conflict) SELECT @first + 2 * i + 1, 'key-' || i, 77, 0, 'bad', FALSE FROM n;
            UPDATE sources SET rows = rows + 10, labels = labels + 10 WHERE number = 77;
            UPDATE state SET rows = rows + 10, labels = labels + 10
            """,
            new { first, none = Array.Empty<byte>() }, transaction),
        Cancel);
}
