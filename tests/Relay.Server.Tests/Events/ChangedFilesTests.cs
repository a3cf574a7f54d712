using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Events;
using Relay.Server.Repository;
using Relay.Server.Storage;
using Relay.Server.Tests.Cli;
using Relay.TestKit;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Relay.Server.Tests.Events;

/// <summary>Event streams that name their channel bring the signed files of a change.</summary>
public sealed class ChangedFilesTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    private TestRelay Relay => fixture.Relay;

    private long Current => EventConnection.CurrentVersion(Relay);

    [Fact]
    public async Task Publication_OnAStreamOfItsChannel_BringsWhatANodeWouldFetch()
    {
        await Relay.PublishAsync("stable", await Relay.TrainSmallAsync(trees: 2));
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous, EventConnection.Text(Current), channel: "stable");
        await events.NextAsync();

        ModelVersion second = await Relay.TrainSmallAsync(trees: 3);
        await Relay.PublishAsync("stable", second);
        FilesEvent files = Read(await events.NextAsync());
        SseItem<string>? hint = await events.NextAsync();

        TimestampMetadata timestamp = (TimestampMetadata)UntrustedMetadata.Read(files.Metadata[MetadataPaths.Timestamp]).ValueOrThrow().Metadata;
        Assert.Equal((Current, 1), (timestamp.Version, files.Root));
        Assert.Equal((files.Timestamp, RelayEvents.Metadata, EventConnection.Text(Current)), (timestamp.Version, hint?.EventType, hint?.EventId));
        Assert.Equal(["channels.json", "snapshot.json", "targets.json", "timestamp.json"], files.Metadata.Keys.Select(Unversioned).Order());
        Assert.Equal(
            [
                "channels/stable.json", $"models/small/{second.Version}/model.onnx", $"models/small/{second.Version}/model.onnx.p7s",
                $"releases/{LatestRelease()}.json",
            ],
            files.Targets.Keys.Select(WithoutDigest).Order());
        foreach ((string name, byte[] content) in files.Metadata)
        {
            Assert.Equal(await Relay.Anonymous.GetByteArrayAsync($"{Routes.Metadata}/{name}"), content);
        }

        foreach ((string path, byte[] content) in files.Targets)
        {
            Assert.Equal(await Relay.Anonymous.GetByteArrayAsync($"{Routes.Targets}/{path}"), content);
        }

        Assert.Equal(0, JsonSerializer.Deserialize(hint!.Value.Data, RelayApiJson.Default.MetadataEvent)?.SpreadMs);
        using HttpResponseMessage served = await Relay.Anonymous.GetAsync($"{Routes.Metadata}/{MetadataPaths.Timestamp}");
        Assert.Equal($"{served.Headers.ETag}", files.ETag);
    }

    [Fact]
    public async Task Publication_OnAnotherChannel_BringsMetadataOnly()
    {
        await Relay.PublishAsync("one", await Relay.TrainSmallAsync(trees: 2));
        await Relay.PublishAsync("two", await Relay.TrainSmallAsync(trees: 3));
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous, EventConnection.Text(Current), channel: "one");
        await events.NextAsync();

        await Relay.PublishAsync("two", await Relay.TrainSmallAsync(trees: 4));

        Assert.Empty(Read(await events.NextAsync()).Targets);
    }

    [Fact]
    public async Task Publication_ToAPartOfTheNodes_BringsAllButTheArtifact()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("small", 1, [1, 2, 3]);
        RepositorySnapshot before = repository.Read();
        await repository.PublishAsync("small", 2, [4, 5, 6], percentage: 10);
        ChangedFiles changed = Change(repository, before);

        ChangedFilesEvent sent = changed.For("stable")!;
        FilesEvent files = Read(sent);

        // The others need it at a later stage, and the hint comes with a spread, since some nodes have to ask for it now.
        Assert.DoesNotContain(files.Targets.Keys, path => path.EndsWith("model.onnx", StringComparison.Ordinal));
        Assert.Contains(files.Targets.Keys, path => path.EndsWith("model.onnx.p7s", StringComparison.Ordinal));
        Assert.False(sent.HasHint);
        Assert.Null(changed.For("beta"));
    }

    [Fact]
    public async Task Publication_WhoseFilesAreDamagedOnDisk_BringsTheOthers()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("small", 1, [1, 2, 3]);
        RepositorySnapshot before = repository.Read();
        await repository.PublishAsync("small", 2, [4, 5, 6]);
        ChangedFiles changed = Change(repository, before);
        foreach (string artifact in Directory.EnumerateFiles(repository.RepositoryPath, "*.model.onnx", SearchOption.AllDirectories))
        {
            await File.WriteAllBytesAsync(artifact, [9, 9, 9]);
        }

        ChangedFilesEvent sent = changed.For("stable")!;
        FilesEvent files = Read(sent);

        Assert.DoesNotContain(files.Targets.Keys, path => path.EndsWith("model.onnx", StringComparison.Ordinal));
        Assert.Contains(files.Targets.Keys, path => path.EndsWith("2.json", StringComparison.Ordinal));
        Assert.False(sent.HasHint);
    }

    [Theory]
    [InlineData(0, "files")]
    [InlineData(-1, "metadata")]
    [InlineData(-1000, "metadata")]
    public async Task Stream_OfAReader_BringsFilesToThoseWhoHaveTheTimestampBefore(int behind, string expected)
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        await repository.PublishAsync("small", 1, [1, 2, 3]);
        RepositorySnapshot before = repository.Read();
        await repository.PublishAsync("small", 2, [4, 5, 6]);
        EventStreams streams = new(new EventLimits(1), new PollPace(0), new ManualTime());
        streams.Publish(PublishedTimestamp.Follow(
            null, repository.Read().Timestamp.Version, repository.Read().Snapshot.Version, Change(repository, before)));
        using EventStream stream = streams.TryOpen(new EventCaller("reader"), "connection", "stable")!;
        using MemoryStream body = new();

        // It writes into memory, and goes on once it waits for the next change.
        _ = stream.WriteAsync(body, before.Timestamp.Version + behind, TestContext.Current.CancellationToken);

        Assert.Equal(["pace", .. expected == "files" ? ["files"] : Array.Empty<string>(), "metadata"], EventTypes(body));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("never-published")]
    public async Task Publication_WithoutAKnownChannel_IsHintedOnly(string? channel)
    {
        await Relay.PublishAsync("stable", await Relay.TrainSmallAsync(trees: 2));
        await using EventConnection events = await EventConnection.OpenAsync(Relay.Anonymous, EventConnection.Text(Current), channel: channel);
        await events.NextAsync();

        await Relay.PublishAsync("stable", await Relay.TrainSmallAsync(trees: 3));

        Assert.Equal(RelayEvents.Metadata, (await events.NextAsync())?.EventType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Stable")]
    [InlineData("..%2Fkeys")]
    [Trait("Attack", "path-traversal")]
    public async Task Open_WithAChannelThatIsNoName_IsRefused(string channel)
    {
        using HttpResponseMessage refused = await EventConnection.RequestAsync(Relay.Anonymous, channel: channel);

        Assert.Equal("invalid-event-channel", await refused.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
    }

    private static IEnumerable<string> EventTypes(MemoryStream body) => Encoding.UTF8.GetString(body.ToArray()).Split('\n')
        .Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line["event: ".Length..]);

    private static ChangedFiles Change(TestRepository repository, RepositorySnapshot before)
    {
        DataFolder folder = new(Path.GetDirectoryName(repository.RepositoryPath)!);
        return new(before, repository.Read(), repository.Serve("metadata/timestamp.json")!, folder, new IntactFiles(TimeProvider.System));
    }

    private static FilesEvent Read(ChangedFilesEvent sent)
    {
        string data = Encoding.UTF8.GetString(sent.Bytes.Span).Split("data: ")[1].Split("\n\n")[0];
        return JsonSerializer.Deserialize(data, RelayApiJson.Default.FilesEvent)!;
    }

    private int LatestRelease() => Relay.Services.GetRequiredService<RepositoryCache>().Read().LatestRelease;

    private static FilesEvent Read(SseItem<string>? received)
    {
        Assert.Equal(RelayEvents.Files, received?.EventType);
        return JsonSerializer.Deserialize(received!.Value.Data, RelayApiJson.Default.FilesEvent)!;
    }

    private static string Unversioned(string name) =>
        name == MetadataPaths.Timestamp ? name : name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static string WithoutDigest(string path)
    {
        int slash = path.LastIndexOf('/');
        return path[..(slash + 1)] + path[(path.IndexOf('.', slash) + 1)..];
    }
}
