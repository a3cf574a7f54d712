using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Http.Bodies;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Relay.TestKit.Faults;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

/// <summary>Uploads to a disk that takes them, but for the reserve of the relay.</summary>
public sealed class UploadSpaceTests
{
    private const int ReserveDivisor = 20;
    private const int Mebibyte = 1 << 20;
    private const string SamplesOnTheServer = "samples are not on the disk of the relay";

    [Fact]
    [Trait("Attack", "disk-full")]
    public async Task AddSamples_RowsThatWouldTakeTheReserve_AreRefusedBeforeTheyAreWritten()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, SamplesOnTheServer);
        using SmallDisk disk = Mount();
        await using TestRelay relay = await StartAsync(disk);
        await CreateAsync(relay, "reserve");
        LeaveBesideTheReserve(disk, 5 * Mebibyte);

        string note = new('x', 1000);
        using HttpResponseMessage refused = await PostAsync(
            relay.Admin, Routes.SamplesOf("reserve"), SampleBounds.NdjsonType,
            string.Join('\n', Enumerable.Range(0, 4000).Select(i => $$"""{"id":"{{i}}","length":1,"note":"{{note}}"}""")));

        Assert.Equal("disk-full", await refused.ProblemTypeAsync(HttpStatusCode.InsufficientStorage));
        Assert.Equal(0, (await ViewAsync(relay, "reserve")).Rows);
    }

    [Fact]
    [Trait("Attack", "disk-full")]
    public async Task Receive_BodyThatWouldTakeTheReserve_StopsBeforeItDoes()
    {
        using SmallDisk disk = Mount();
        await using TestRelay relay = await StartAsync(disk);
        LeaveBesideTheReserve(disk, 2 * Mebibyte);
        using MemoryStream body = new(new byte[4 * Mebibyte]);
        DefaultHttpContext context = new() { RequestServices = relay.Services };
        context.Request.Body = body;
        bool isPassedOn = false;

        await relay.Services.GetRequiredService<UploadSpool>().InvokeAsync(context, _ =>
        {
            isPassedOn = true;
            return Task.CompletedTask;
        });

        Assert.False(isPassedOn);
        Assert.Equal(StatusCodes.Status507InsufficientStorage, context.Response.StatusCode);
        Assert.InRange(body.Position, Mebibyte, (3 * Mebibyte) + (Mebibyte / 2));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(relay.DataFolder, "uploads")));
    }

    private static SmallDisk Mount()
    {
        SmallDisk? disk = SmallDisk.TryMount();
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        return disk;
    }

    private static Task<TestRelay> StartAsync(SmallDisk disk) => TestRelay.StartAsync(options =>
    {
        Directory.CreateSymbolicLink(options.DataFolder, disk.FullPath);
        return options;
    });

    private static void LeaveBesideTheReserve(SmallDisk disk, int bytes)
    {
        DriveInfo drive = new(disk.FullPath);
        File.WriteAllBytes(
            Path.Combine(disk.FullPath, "most-of-it"), new byte[drive.AvailableFreeSpace - (drive.TotalSize / ReserveDivisor) - bytes]);
    }
}
