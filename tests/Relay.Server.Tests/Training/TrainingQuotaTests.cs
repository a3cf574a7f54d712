using System.Net;
using System.Net.Http.Json;
using Relay.Server.Storage;
using Relay.TestKit;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Training;

/// <summary>Limits of runs, versions and bytes.</summary>
public sealed class TrainingQuotaTests
{
    [Theory]
    [InlineData(1, 0, "too-many-runs")]
    [InlineData(0, 1, "too-many-versions")]
    public async Task Start_AsManyAsMayBe_IsRefused(int runs, int versions, string type)
    {
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { TrainingLimits = new(runs, versions) });
        await relay.TrainSmallAsync(trees: 2);

        using HttpResponseMessage start = await StartAsync(relay);
        using HttpResponseMessage import = await relay.Admin.PostAsync(
            $"{Routes.ImportOf("small")}?file=a.onnx&test={SmallModel.TestFile}",
            new ByteArrayContent([1]) { Headers = { ContentType = new("application/octet-stream") } });

        Assert.Equal(type, await start.ProblemTypeAsync(HttpStatusCode.Conflict));
        Assert.Equal(type, await import.ProblemTypeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Start_FolderHasAsMuchAsItMay_IsRefusedUntilThereIsRoom()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync(trees: 2);
        await relay.RestartAsync(options => options with { MaximumDataBytes = 1000 });

        using HttpResponseMessage start = await StartAsync(relay);
        await relay.RestartAsync(options => options with { MaximumDataBytes = 1L << 30 });
        using HttpResponseMessage again = await StartAsync(relay);

        Assert.Equal("disk-full", await start.ProblemTypeAsync(HttpStatusCode.InsufficientStorage));
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    [Fact]
    public void IsExceeded_PublishedFile_CountsOnce()
    {
        using TemporaryFolder temporary = new();
        DataFolder folder = new(temporary.FullPath);
        string sha256 = new('a', 64);
        Directory.CreateDirectory(folder.Artifacts);
        Directory.CreateDirectory(Path.Combine(folder.Repository, "targets"));
        File.WriteAllBytes(Path.Combine(folder.Artifacts, sha256), new byte[1000]);
        File.WriteAllBytes(Path.Combine(folder.Repository, "targets", $"{sha256}.model.onnx"), new byte[1000]);
        TestClock clock = new();
        FolderQuota quota = new(folder, 1500, clock);

        Assert.False(quota.IsExceeded());
        Assert.True(quota.IsExceeded(501));

        File.WriteAllBytes(Path.Combine(folder.Root, "other"), new byte[1000]);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(quota.IsExceeded());
    }

    [Fact]
    public void IsExceeded_FolderThatTheRelayMayNotRead_IsNotCounted()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("this account may read everything");
            return;
        }

        using TemporaryFolder temporary = new();
        DataFolder folder = new(temporary.FullPath);
        File.WriteAllBytes(Path.Combine(folder.Root, ".hidden"), new byte[1000]);
        string closed = Directory.CreateDirectory(Path.Combine(folder.Root, "lost+found"), UnixFileMode.None).FullName;

        FolderQuota quota = new(folder, 1500, new TestClock());

        Assert.False(quota.IsExceeded());
        Assert.True(quota.IsExceeded(501));
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static Task<HttpResponseMessage> StartAsync(TestRelay relay) => relay.Admin.PostAsJsonAsync(
        Routes.TrainingRuns, new TrainingRunRequest("small", SmallModel.Data), RelayApiJson.Default.TrainingRunRequest);
}
