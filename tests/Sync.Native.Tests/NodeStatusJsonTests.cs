using System.Text.Json;
using System.Text.Json.Serialization;
using Shared.Contracts.Api;
using Sync.Client;
using Sync.Native.Nodes;

namespace Sync.Native.Tests;

/// <summary>The state that is written by hand is the one that the serializer writes.</summary>
public sealed class NodeStatusJsonTests
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly DateTimeOffset At = new(2026, 11, 30, 9, 8, 7, 654, TimeSpan.FromHours(2));

    public static TheoryData<SyncStatus> States =>
    [
        new SyncStatus("n", "stable", 0, Stale: false, [], [], [], LastRefresh: null),
        new SyncStatus(
            "näme \"quoted\" <&>", "stable", 12, Stale: true,
            [
                new ActiveModel("a", 3, "ab", "managed", long.MaxValue, 1),
                new ActiveModel("b", 4, "cd", "managed", 0, 0) { CallerFaults = 7, SchemaHash = "ef", SchemaSource = "app" },
            ],
            [new RefusalReport("ArtifactHashMismatch", "a\n", "détail", At)], [new QuarantinedArtifact("a", 2, "00", "GoldenVectors")], At)
        {
            CurrentRefusals = [new RefusalReport("TransportUnavailable", "relay", "offline", At.AddTicks(1))],
            HasEventStream = true,
            Steering = NodeSteering.PinnedTo(11),
            Waiting = new WaitingRelease(13, At),
            Metadata = new HeldMetadata(99, "ff"),
            Shadow =
            [
                new ShadowReport
                {
                    Model = "a", Active = 3, Candidate = 4, State = ShadowState.Disagreed, Calls = 10, Disagreements = 2, LargestDifference = 0.1,
                },
            ],
        },
    ];

    [Theory]
    [MemberData(nameof(States))]
    public void Write_AnyState_IsTheTextOfTheSerializer(SyncStatus status) =>
        Assert.Equal(JsonSerializer.Serialize(status, Options), NodeStatusJson.Write(status));

    [Fact]
    public void Version_OfTheLibrary_IsThatOfTheAssembly() =>
        Assert.Equal(LibraryExports.Version, typeof(NodeStatusJson).Assembly.GetName().Version!.ToString(3));
}
