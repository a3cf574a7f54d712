using System.Text;
using System.Text.Json.Nodes;
using Relay.Training.Federated;

namespace Relay.Training.Tests.Federated;

/// <summary>Coordinator and owners read a round document by one parser, and none of them takes part in a round that breaks a rule.</summary>
public sealed class RoundDocumentTests : IDisposable
{
    private readonly RoundOfOwners _owners = new();

    public void Dispose() => _owners.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("Attack", "small-cohort")]
    public void Parse_FewerThanThreeOwners_InvalidRound(int owners) =>
        Refuse(round => round["owners"] = new JsonArray([.. Owners(round).Take(owners).Select(o => o!.DeepClone())]));

    [Fact]
    [Trait("Attack", "small-cohort")]
    public void Parse_OneOwnerUnderTwoNames_InvalidRound() =>
        Refuse(round => Owners(round)[2]!["publicKey"] = (string)Owners(round)[0]!["publicKey"]!);

    public static TheoryData<string, string> Changes => new()
    {
        { "format", "\"relay-federated-round-2\"" }, { "id", "\"1\"" }, { "testSha256", "\"\"" }, { "version", "0" }, { "joinSeconds", "0" },
        { "stepSeconds", "1e9" }, { "minimumRows", "9" }, { "labels", "[]" }, { "labels", "[\"a\",\"a\"]" }, { "labels", "[\"\"]" },
        { "categories", "[]" }, { "accept", "{\"no-gate\":\"why\"}" }, { "more", "1" }, { "owners", "{}" }, { "program", "7" },
        { "spec", "{}" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Parse_MemberThatBreaksARule_InvalidRound(string member, string json) => Refuse(round => round[member] = JsonNode.Parse(json));

    [Theory]
    [InlineData("algorithm", "\"isolation-forest\"")]
    [InlineData("tune", "{\"candidates\":2}")]
    [InlineData("budget", "{\"maxBytes\":100000}")]
    [InlineData("parameters", "{\"scale\":true}")]
    [InlineData("parameters", "{\"features\":[\"bytes\"]}")]
    [InlineData("engine", "\"xgboost\"")]
    [InlineData("task", "\"regression\"")]
    public void Parse_SpecThatNeedsMoreThanSums_InvalidRound(string member, string json) =>
        Refuse(round => round["spec"]![member] = JsonNode.Parse(json));

    [Theory]
    [InlineData("count")]
    [InlineData("lookup")]
    public void Parse_CategoryThatShowsTextsOfRows_InvalidRound(string encoding) => Refuse(round =>
    {
        round["categories"] = JsonNode.Parse("""{"protocol":["tcp"]}""");
        round["spec"]!["algorithm"] = "gradient-boosting";
        round["spec"]!["label"] = JsonNode.Parse("""{"benign":"good"}""");
        round["spec"]!["columns"]!.AsArray().Add(JsonNode.Parse("{\"name\":\"protocol\",\"type\":\"category\"}"));
        RoundDocument.Parse(Encoding.UTF8.GetBytes(round.ToJsonString()));
        round["spec"]!["columns"]![2]!["encoding"] = encoding;
    });

    [Fact]
    public void Parse_CategoryWithoutTexts_InvalidRound() =>
        Refuse(round => round["spec"]!["columns"]!.AsArray().Add(JsonNode.Parse("""{"name":"protocol","type":"category"}""")));

    [Theory]
    [InlineData("not base64!")]
    [InlineData("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE")]
    public void Parse_OwnerWithoutAKey_InvalidRound(string key) => Refuse(round => Owners(round)[1]!["publicKey"] = key);

    /// <summary>Its form is right, and its point on no curve.</summary>
    [Fact]
    [Trait("Attack", "off-curve-key")]
    public void Parse_OwnerWhoseKeyIsOffTheCurve_InvalidRound() => Refuse(round =>
    {
        byte[] key = Convert.FromBase64String((string)Owners(round)[1]!["publicKey"]!);
        key[^1] ^= 1;
        Owners(round)[1]!["publicKey"] = Convert.ToBase64String(key);
    });

    [Fact]
    public void Parse_RepeatedMember_InvalidRound()
    {
        string text = Encoding.UTF8.GetString(_owners.Plan.Write());

        Assert.Equal(RoundFault.InvalidRound, Refused(text.Replace("\"minimumRows\": 10,", "\"minimumRows\": 10, \"minimumRows\": 10,")));
    }

    [Fact]
    public void FindOwner_KeyOfAStranger_NotAnOwner()
    {
        using OwnerKey stranger = OwnerKey.Create();

        Assert.Equal(2, _owners.Round.FindOwner(_owners.Keys[2].PublicKey));
        Assert.Equal(RoundFault.NotAnOwner, Assert.Throws<RoundException>(() => _owners.Round.FindOwner(stranger.PublicKey)).Fault);
    }

    [Fact]
    public void Join_RoundOfAnotherVersion_OtherProgram()
    {
        RoundDocument other = _owners.Round with { Program = "0.0.1" };

        Assert.Equal(RoundFault.OtherProgram, Assert.Throws<RoundException>(
            () => FederatedShardGroup.Join(other, _owners.Keys[0], null!, TestContext.Current.CancellationToken)).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void FromPem_NoKey_NotAnOwner(string pem) =>
        Assert.Equal(RoundFault.NotAnOwner, Assert.Throws<RoundException>(() => OwnerKey.FromPem(pem)).Fault);

    [Fact]
    public void FromPem_KeyOfItsOwn_SamePublicKey()
    {
        using OwnerKey again = OwnerKey.FromPem(_owners.Keys[0].ToPem());

        Assert.Equal(_owners.Keys[0].PublicKey, again.PublicKey);
    }

    [Fact]
    public void Write_Twice_TwoRounds() => Assert.NotEqual(_owners.Plan.Write(), _owners.Plan.Write());

    private static JsonArray Owners(JsonNode round) => round["owners"]!.AsArray();

    private void Refuse(Action<JsonNode> change)
    {
        JsonNode round = JsonNode.Parse(_owners.Plan.Write())!;
        RoundDocument.Parse(Encoding.UTF8.GetBytes(round.ToJsonString()));
        change(round);
        Assert.Equal(RoundFault.InvalidRound, Refused(round.ToJsonString()));
    }

    private static RoundFault Refused(string text) => Assert.Throws<RoundException>(() => RoundDocument.Parse(Encoding.UTF8.GetBytes(text))).Fault;
}
