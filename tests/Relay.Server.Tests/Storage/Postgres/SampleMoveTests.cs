using System.Data.Common;
using System.Net;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Storage;
using Relay.Server.Storage.Postgres;
using Relay.Server.Tests.Datasets;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Storage.Postgres;

/// <summary>A relay on PostgreSQL that has samples in files, as earlier ones had.</summary>
public sealed class SampleMoveTests : IAsyncLifetime
{
    private readonly List<string> _notices = [];
    private TestRelay _relay = null!;
    private string _server = "";
    private string _export = "";
    private string _name = "";

    private string File => Path.Combine(_relay.DataFolder, "samples", _name);

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresServer.IsThere, PostgresServer.NotInstalled);
        _server = PostgresServer.Shared.CreateDatabase();
        _relay = await TestRelay.StartAsync(options => options with { Server = _server, ShowNotice = _notices.Add });
        await CreateAsync(_relay, "moved");
        await AddAsync(_relay.Admin, "moved", [.. Enumerable.Range(0, 3000).Select(i => $$"""{"id":"id-{{i}}","length":{{i}},"verdict":"good"}""")]);
        await LabelAsync(_relay.Admin, "moved", ("id-7", "bad"), ("waits", "bad"));
        _export = await ExportAsync(_relay.Admin, "moved");
        await _relay.StopAsync();
        using DbConnection connection = PostgresDatabase.Connect(_server);
        _name = Assert.Single(PostgresSampleTables.FindNames(connection));
        Assert.True(PostgresSampleCopy.Write(_server, _name, File));
    }

    public async ValueTask DisposeAsync()
    {
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }
    }

    [Fact]
    public async Task Start_FileOfADataset_IsMovedIntoTheDatabase()
    {
        Drop();

        await _relay.StartAgainAsync();

        Assert.False(System.IO.File.Exists(File));
        Assert.Contains(_notices, notice => notice.StartsWith("Dataset moved: 3000 samples are in the database now", StringComparison.Ordinal));
        Assert.Equal(_export, await ExportAsync(_relay.Admin, "moved"));
        DatasetView view = await ViewAsync(_relay, "moved");
        Assert.Equal((3000, 3002, null), (view.Rows, view.Labels, view.Problem));
        Assert.True(view.Bytes > 100_000);
    }

    [Fact]
    [Trait("Attack", "kill")]
    public async Task Start_KilledBeforeTheFileWasDeleted_DeletesIt()
    {
        await _relay.StartAgainAsync();

        Assert.False(System.IO.File.Exists(File));
        Assert.Equal(_export, await ExportAsync(_relay.Admin, "moved"));
    }

    [Fact]
    public async Task Start_FileThatIsDamaged_StopsNothingButItsDataset()
    {
        Drop();
        byte[] content = System.IO.File.ReadAllBytes(File);
        content.AsSpan(content.Length / 2, 4096).Fill(0xee);
        System.IO.File.WriteAllBytes(File, content);

        await _relay.StartAgainAsync();
        await CreateAsync(_relay, "other");

        using HttpResponseMessage export = await _relay.Admin.GetAsync(Routes.ExportOf("moved", "csv"), TestContext.Current.CancellationToken);
        Assert.Equal("dataset-unavailable", await export.ProblemTypeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Contains("could not be moved", (await ViewAsync(_relay, "moved")).Problem, StringComparison.Ordinal);
        Assert.Contains(_notices, notice => notice.Contains("could not be moved", StringComparison.Ordinal));
        Assert.True(System.IO.File.Exists(File));
        Assert.Null((await ViewAsync(_relay, "other")).Problem);
        using HttpResponseMessage deleted = await _relay.Admin.DeleteAsync(Routes.DatasetOf("moved"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Start_FileOfNoDataset_StaysWhereItIs()
    {
        string unknown = Path.Combine(_relay.DataFolder, "samples", "0123.db");
        System.IO.File.Move(File, unknown);

        await _relay.StartAgainAsync();

        Assert.True(System.IO.File.Exists(unknown));
        Assert.Equal(["0123.db"], _relay.Services.GetRequiredService<Relay.Server.Datasets.DatasetStore>().FindUnknown());
    }

    private void Drop()
    {
        using DbConnection connection = PostgresDatabase.Connect(_server);
        connection.Execute($"DROP SCHEMA {PostgresSampleTables.SchemaOf(_name)} CASCADE");
    }
}
