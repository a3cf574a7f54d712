using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shared.Contracts.Api;
using Sync.Client.Reports;

namespace Sync.Client.Tests.Reports;

public sealed class CheckInWriterTests
{
    private static readonly string Sha256 = new('a', 64);

    private static readonly CheckIn Small = new()
    {
        Node = "n",
        Channel = "stable",
        Release = 1,
        Stale = false,
        At = DateTimeOffset.UnixEpoch,
        Models = [new ActiveModel("small", 1, Sha256, "managed", 1, 0)],
        Refusals = [],
        Quarantine = [],
    };

    [Fact]
    public void Write_SmallReport_IsWholeAndSaysNothingOfCuts()
    {
        CheckIn written = Read(CheckInWriter.Write(Small).Json);

        Assert.Null(written.Cut);
        Assert.Equal(Small.Models, written.Models);
    }

    [Fact]
    public void Write_MoreModelsThanARelayTakes_KeepsTheFirstAndSaysIt()
    {
        CheckIn report = Small with { Models = [.. Enumerable.Range(1, 300).Select(i => Small.Models[0] with { Version = i })] };

        CheckIn written = Read(CheckInWriter.Write(report).Json);

        Assert.Equal(CheckInBounds.Items, written.Models.Count);
        Assert.Equal("models: 300 are too many, the first 256 follow", Assert.Single(written.Cut!));
    }

    [Fact]
    public void Write_ListsThatAreTogetherTooLarge_KeepsTheModelsLongest()
    {
        CheckIn report = Small with
        {
            Models = [.. Enumerable.Repeat(Small.Models[0] with { Name = new string('m', 64) }, 256)],
            Quarantine = [.. Enumerable.Repeat(new QuarantinedArtifact(new string('q', 64), 1, Sha256, "GoldenVectorMismatch"), 256)],
            Shadow = [.. Enumerable.Repeat(Shadow(), 256)],
        };

        byte[] json = CheckInWriter.Write(report).Json;
        CheckIn written = Read(json);

        Assert.InRange(json.Length, 1, CheckInBounds.Bytes);
        Assert.Equal(256, written.Models.Count);
        Assert.NotEmpty(written.Cut!);
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_000)]
    public void Cut_LongText_IsWithinTheBoundAndKeepsPairsWhole(int length)
    {
        string text = string.Concat(Enumerable.Repeat("\U0001f600", length / 2)) + (length % 2 == 0 ? "" : "x");

        string cut = CheckInBounds.Cut(text, CheckInBounds.DetailLength);

        Assert.InRange(cut.Length, 1, CheckInBounds.DetailLength);
        Assert.Equal(cut, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)));
        Assert.Equal(length > CheckInBounds.DetailLength, cut.Contains($"{length} characters", StringComparison.Ordinal));
    }

    [Fact]
    public void FirstForm_MembersAndReasonsOfANewerVersion_AreLeftOutAndTheRestStays()
    {
        JsonObject report = JsonNode.Parse(JsonSerializer.Serialize(Small, RelayApiJson.Default.CheckIn))!.AsObject();
        report["tomorrow"] = 1;
        report["waiting"] = new JsonObject { ["release"] = 2, ["until"] = "2030-01-01T22:00:00+01:00" };
        report["models"]![0]!["calls"] = 7;
        report["refusals"] = new JsonArray(
            new JsonObject { ["reason"] = "NewOne", ["subject"] = "", ["detail"] = "", ["at"] = "2030-01-01T00:00:00Z" },
            new JsonObject { ["reason"] = "CmsSignature", ["subject"] = "", ["detail"] = "", ["at"] = "2030-01-01T00:00:00Z" });

        (byte[] json, IReadOnlyList<string> left) = FirstCheckInForm.Write(Encoding.UTF8.GetBytes(report.ToJsonString()));

        Assert.Equal(["NewOne", "models.calls", "tomorrow", "waiting"], left);
        Assert.Equal("CmsSignature", Assert.Single(Read(json).Refusals).Reason);
        Assert.DoesNotContain("calls", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    private static ShadowReport Shadow() => new()
    {
        Model = "small",
        Active = 1,
        Candidate = 2,
        State = ShadowState.Running,
        Calls = 1,
        Disagreements = 0,
        LargestDifference = 0,
    };

    private static CheckIn Read(byte[] json) => JsonSerializer.Deserialize(json, RelayApiJson.Default.CheckIn)!;
}
