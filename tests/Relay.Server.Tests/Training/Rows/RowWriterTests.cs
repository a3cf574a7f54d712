using System.Data.Common;
using System.Net.Http.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets.Selection;
using Relay.Server.Models;
using Relay.Server.Storage;
using Relay.Server.Tests.Datasets;
using Relay.Server.Training;
using Relay.Server.Training.Rows;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.Training;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Tests.Training.Rows;

/// <summary>A run from a dataset in another process: the relay writes its rows, and that process never opens the dataset.</summary>
public sealed class RowWriterTests : IClassFixture<OwnRelay>, IDisposable
{
    private readonly OwnRelay _fixture;
    private readonly WorkerFolder _own;
    private readonly RowRequests _requests;
    private readonly RowWriter _writer;
    private readonly RequestedRows _process;

    public RowWriterTests(OwnRelay fixture)
    {
        _fixture = fixture;
        _own = WorkerFolder.Create(fixture.Relay.DataFolder);
        _requests = Service<RowRequests>();
        _writer = ActivatorUtilities.CreateInstance<RowWriter>(fixture.Relay.Services);
        _process = new(_requests, new DataFolder(fixture.Relay.DataFolder) { Uploads = _own.FullPath });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _writer.Dispose();
        _own.Dispose();
    }

    [Fact]
    public async Task Open_RunOfADataset_HasTheRowsThatTheRelayWouldTrainOn()
    {
        ClaimedRun run = await ClaimAsync("same");
        using TemporaryFolder folder = new();
        using TrainingFiles expected = Service<TrainingRows>().Write(run.Data.Dataset!, run.Spec, false, null, folder.Combine("rows"), Cancel);

        using TrainingFiles opened = await OpenAsync(run.Id);

        Assert.StartsWith(_own.FullPath, opened.Train, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(expected.Train, Cancel), await File.ReadAllBytesAsync(opened.Train, Cancel));
        Assert.Equal(await File.ReadAllBytesAsync(expected.Test!, Cancel), await File.ReadAllBytesAsync(opened.Test!, Cancel));
        Assert.Equal(expected.Use, opened.Use);
        Assert.Empty(_requests.FindOpen());
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_WhileAProcessHasTheRows_SaysThatACopyIsLeftUntilTheRunEnds()
    {
        ClaimedRun run = await ClaimAsync("forgotten");
        TrainingFiles opened = await OpenAsync(run.Id);

        ForgetReport during = await ForgetAsync("forgotten", "row-1");
        opened.Dispose();
        ForgetReport after = await ForgetAsync("forgotten", "row-1");

        Assert.Equal((false, true), (during.Purged, after.Purged));
        Assert.Empty(Directory.GetFileSystemEntries(_own.FullPath));
    }

    [Fact]
    public async Task Open_DatasetThatWasDeleted_FailsAsInTheRelay()
    {
        ClaimedRun run = await ClaimAsync("deleted");
        (await _fixture.Relay.Admin.DeleteAsync(Routes.DatasetOf("deleted"), Cancel)).EnsureSuccessStatusCode();

        TrainingException refused = await Assert.ThrowsAsync<TrainingException>(() => OpenAsync(run.Id));

        Assert.Equal(TrainingFault.MissingData, refused.Fault);
        Assert.Empty(Directory.GetFileSystemEntries(_own.FullPath));
        Assert.Empty(_requests.FindOpen());
    }

    [Fact]
    public async Task Open_RunThatIsCancelled_WithdrawsTheRequest()
    {
        ClaimedRun run = await ClaimAsync("cancelled");
        using CancellationTokenSource cancellation = new();
        Task<TrainingFiles> opening = Task.Run(() => _process.Open(run.Id, cancellation.Token), Cancel);
        await Eventually.TrueAsync(() => _requests.FindOpen().Count > 0, "it asks");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        Assert.Empty(_requests.FindOpen());
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Write_RequestWithdrawnMeanwhile_LeavesNoRows()
    {
        ClaimedRun run = await ClaimAsync("withdrawn");

        Assert.False(_writer.Write(new RowRequest(run.Id, Path.GetFileName(_own.FullPath)), Cancel));

        Assert.Empty(Directory.GetFileSystemEntries(_own.FullPath));
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Write_DatabaseThatTakesNoAnswer_IsTriedAgainAndLeavesNoCopyThatNothingEnds()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        ClaimedRun run = await ClaimAsync("again");
        RowRequest request = new(run.Id, Path.GetFileName(_own.FullPath));
        _requests.Add(request);
        using (DbConnection connection = _fixture.Relay.OpenDatabase())
        {
            connection.Execute("CREATE TRIGGER faulty BEFORE UPDATE ON row_requests BEGIN SELECT RAISE(ABORT, 'a fault of the disk'); END");
            Assert.ThrowsAny<DbException>(() => _writer.Write(request, Cancel));
            connection.Execute("DROP TRIGGER faulty");
        }

        Assert.True(_writer.Write(request, Cancel));
        Directory.Delete(Path.Combine(_own.FullPath, RowRequest.NameOf(run.Id)), recursive: true);

        Assert.True((await ForgetAsync("again", "row-1")).Purged);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("../samples")]
    [Trait("Attack", "path-traversal")]
    public async Task Write_FolderThatIsNoneOfAProcess_WritesNothing(string folder)
    {
        ClaimedRun run = await ClaimAsync("elsewhere-" + folder.Length);
        RowRequest request = new(run.Id, folder);
        _requests.Add(request);

        Assert.False(_writer.Write(request, Cancel));

        Assert.Empty(_requests.FindOpen());
        Assert.False(Directory.Exists(Path.Combine(_fixture.Relay.DataFolder, "samples", RowRequest.NameOf(run.Id))));
    }

    private T Service<T>()
        where T : notnull => _fixture.Relay.Services.GetRequiredService<T>();

    /// <summary>A run that another process has taken: the relay of the test is not told of it.</summary>
    private async Task<ClaimedRun> ClaimAsync(string dataset)
    {
        await TrainingDataset.CreateAsync(_fixture.Relay, dataset);
        Service<ModelStore>().TryAdd(SmallModel.Spec() with { Name = dataset });
        TrainingRunStore runs = Service<TrainingRunStore>();
        runs.TryAdd(SmallModel.Spec() with { Name = dataset }, new TrainingDataSource { Dataset = new DatasetRows(dataset) });
        return runs.ClaimNext()!;
    }

    private async Task<TrainingFiles> OpenAsync(long run)
    {
        Task<TrainingFiles> opening = Task.Run(() => _process.Open(run, Cancel), Cancel);
        await Eventually.TrueAsync(() => _requests.FindOpen().Count > 0, "it asks");
        _writer.Write(Assert.Single(_requests.FindOpen()), Cancel);
        return await opening;
    }

    private async Task<ForgetReport> ForgetAsync(string dataset, string id)
    {
        using HttpResponseMessage answer = await _fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf(dataset), new ForgetRequest([id]), RelayApiJson.Default.ForgetRequest, Cancel);
        return (await answer.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport, Cancel))!;
    }
}
