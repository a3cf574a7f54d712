using System.Net.Http.Json;
using Relay.Server.Datasets.Reading;
using Relay.Server.Storage;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Faults;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>What happens to a dataset when the process is killed, and when the disk is full.</summary>
public sealed class DatasetKillTests
{
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Kill_InTheMiddleOfUploads_LosesNoneThatWasAcknowledgedAndTakesTheRestAgain()
    {
        await using RelayProcess relay = new();
        await relay.StartAsync();
        using HttpClient admin = relay.CreateAdminClient();
        using HttpResponseMessage created = await admin.PostAsJsonAsync(Routes.Datasets, Spec("killed"), RelayApiJson.Default.DatasetSpec);
        created.EnsureSuccessStatusCode();

        int acknowledged = 0;
        Task uploads = Task.Run(async () =>
        {
            try
            {
                for (int upload = 0; ; upload++)
                {
                    await AddAsync(admin, "killed", Upload(upload));
                    Volatile.Write(ref acknowledged, upload + 1);
                }
            }
            catch (HttpRequestException)
            {
                // The process is gone.
            }
        });
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref acknowledged) >= 5), "five uploads are acknowledged");
        await relay.KillAsync();
        await uploads;
        string left = Path.Combine(relay.DataFolder, "uploads", "left.tmp");
        await File.WriteAllTextAsync(left, "of an upload that was killed");
        await relay.StartAsync();

        using HttpClient again = relay.CreateAdminClient();
        UploadReport report = await AddAsync(again, "killed", [.. Enumerable.Range(0, acknowledged).SelectMany(Upload)]);
        DatasetView view = (await again.GetFromJsonAsync(Routes.DatasetOf("killed"), RelayApiJson.Default.DatasetView))!;
        Assert.Equal((0, 50 * acknowledged), (report.Accepted, report.Duplicates));
        Assert.Equal(view.Rows, view.Sources.Sum(source => source.Rows));
        Assert.False(File.Exists(left));
    }

    [Fact]
    [Trait("Attack", "disk-full")]
    public async Task AddSamples_DiskThatIsFull_AreRefusedWithAnAnswerAndTakenOnceThereIsRoom()
    {
        using SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        await using TestRelay relay = await TestRelay.StartAsync(options =>
        {
            Directory.CreateSymbolicLink(options.DataFolder, disk.FullPath);
            return options;
        });
        await CreateAsync(relay, "full");
        disk.Fill();

        using HttpResponseMessage refused = await PostAsync(
            relay.Admin, Routes.SamplesOf("full"), SampleBounds.NdjsonType, """{"id":"a","length":1}""");
        using HttpResponseMessage export = await relay.Admin.GetAsync(Routes.ExportOf("full", "csv"));
        disk.Empty();
        UploadReport taken = await AddAsync(relay.Admin, "full", """{"id":"a","length":1}""");

        Assert.Equal("disk-full", await refused.ProblemTypeAsync(System.Net.HttpStatusCode.InsufficientStorage));
        Assert.Equal("disk-full", await export.ProblemTypeAsync(System.Net.HttpStatusCode.InsufficientStorage));
        Assert.Equal(1, taken.Accepted);
    }

    [Fact]
    [Trait("Attack", "disk-full")]
    public async Task ExportAndForget_DiskWithoutRoomForACopy_AnswerSoLeaveNoCopyAndGoOnOnceThereIsRoom()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, "samples are not on the disk of the relay");
        using SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        await using TestRelay relay = await TestRelay.StartAsync(options =>
        {
            Directory.CreateSymbolicLink(options.DataFolder, disk.FullPath);
            return options;
        });
        await CreateAsync(relay, "tight");
        string note = new('x', 1000);
        await AddAsync(relay.Admin, "tight", [.. Enumerable.Range(0, 13_000).Select(i => $$"""{"id":"{{i}}","length":1,"note":"{{note}}"}""")]);
        DriveInfo drive = new(disk.FullPath);
        string filler = Path.Combine(disk.FullPath, "most-of-it");
        await File.WriteAllBytesAsync(filler, new byte[drive.AvailableFreeSpace - (10 << 20)]);

        using HttpResponseMessage export = await relay.Admin.GetAsync(Routes.ExportOf("tight", "csv"));
        ForgetReport forgotten = await ForgetAsync(relay, "7");
        File.Delete(filler);
        ForgetReport again = await ForgetAsync(relay, "7");

        Assert.Equal("disk-full", await export.ProblemTypeAsync(System.Net.HttpStatusCode.InsufficientStorage));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(relay.DataFolder, "uploads")));
        Assert.Equal(new ForgetReport(1, 0, false), forgotten);
        Assert.Equal(new ForgetReport(0, 1, true), again);
    }

    [Fact]
    public void Watch_SpaceThatGetsLow_StopsWithTheErrorOfAFullDisk()
    {
        int looks = 0;
        SpaceGuard guard = new(() => ++looks == 3);
        IEnumerable<ReadSample> samples = Enumerable.Range(0, 100).Select(i => new ReadSample(i, "id", 1, new byte[SpaceGuard.Step / 4], default));

        int seen = 0;
        IOException stopped = Assert.Throws<IOException>(() =>
        {
            foreach (ReadSample _ in guard.Watch(samples, sample => sample.Bytes))
            {
                seen++;
            }
        });

        Assert.True(StorageHealth.IsDiskFull(stopped));
        Assert.Equal(8, seen);
    }

    private static async Task<ForgetReport> ForgetAsync(TestRelay relay, string id)
    {
        using HttpResponseMessage response = await relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf("tight"), new ForgetRequest([id]), RelayApiJson.Default.ForgetRequest);
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport))!;
    }

    private static string[] Upload(int upload) => [.. Enumerable.Range(0, 50).Select(i => $$"""{"id":"{{upload}}-{{i}}","length":{{i}}}""")];
}
