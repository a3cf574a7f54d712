using System.Net.Http.Json;
using Relay.TestKit;
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

    private static string[] Upload(int upload) => [.. Enumerable.Range(0, 50).Select(i => $$"""{"id":"{{upload}}-{{i}}","length":{{i}}}""")];
}
