using System.Text.Json;
using Shared.Contracts.Api;

namespace Shared.Contracts.Tests.Api;

/// <summary>Answers of a relay that does not have the newer members.</summary>
public sealed class OlderAnswerTests
{
    [Fact]
    public void Read_AnswersWithoutNewerMembers_HaveEmptyLists()
    {
        ChannelView channel = JsonSerializer.Deserialize(
            """{"channel":"stable","release":1,"models":[]}""", RelayApiJson.Default.ChannelView)!;
        PendingView pending = JsonSerializer.Deserialize(
            """
            {"id":"2-a","createdAt":"2026-01-01T00:00:00Z","version":2,"expires":"2026-01-01T00:00:00Z","threshold":1,"signedBy":[],"signers":[],
            "files":[{"path":"releases/1.json","length":1,"sha256":"a"}],"channels":[],"metadata":null}
            """,
            RelayApiJson.Default.PendingView)!;

        Assert.Empty(channel.Revoked);
        Assert.Empty(pending.Releases);
        Assert.Empty(pending.Revokes);
        Assert.Null(Assert.Single(pending.Files).Text);
    }
}
