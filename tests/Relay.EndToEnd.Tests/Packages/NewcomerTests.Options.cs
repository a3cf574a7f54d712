using System.Net.Http.Json;
using Relay.TestKit;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.EndToEnd.Tests.Packages;

// What its options or its relay's operator got wrong.
public sealed partial class NewcomerTests
{
    [Theory]
    [InlineData("of another relay")]
    [InlineData(null)]
    public async Task App_WrongTlsAuthority_NamesTheFileAndSaysWhereTheRightOneIs(string? authority)
    {
        string other = newcomer.NewPath("other-ca.pem");
        await File.WriteAllTextAsync(other, OtherAuthority.CreatePem(), Cancel);
        await using LoggedApp app = await StartAsync(("Relay:TlsRoot", authority is null ? null : other));

        await app.WaitForMessageAsync(
            "TransportUnavailable", "TLS", $"{newcomer.Relay.Address}", authority is null ? "set TlsRoot" : other,
            "ca.pem from the relay's operator");

        await AssertNotReadyAsync(app, RefusalReason.TransportUnavailable);
    }

    [Fact]
    public async Task App_WrongModelName_NamesItAndThoseOfTheRelease()
    {
        await using LoggedApp app = await StartAsync(("Relay:Models:0", "smal"));

        await app.WaitForMessageAsync("ReleaseMalformed", "no model 'smal'", "'small'", "correct Models");

        Assert.Equal(503, (await app.ScoreAsync()).Status);
        await AssertQuietAsync(app);
    }

    [Fact]
    public async Task App_WrongChannel_NamesItAndSaysToCorrectIt()
    {
        await using LoggedApp app = await StartAsync(("Relay:Channel", "stabel"));

        await app.WaitForMessageAsync("released nothing on channel 'stabel'", "set Channel");

        Assert.Equal(503, (await app.ScoreAsync()).Status);
        await AssertQuietAsync(app);
    }

    [Fact]
    public async Task App_EnrollmentTokenUsedUp_SaysSoAndHowToGetAnother()
    {
        string token = await newcomer.Relay.CreateEnrollmentTokenAsync(uses: 1);
        await using LoggedApp first = await StartAsync(("Relay:EnrollmentToken", token));
        await first.WaitForMessageAsync("has enrolled this node");
        await using LoggedApp second = await StartAsync(("Relay:EnrollmentToken", token));

        string message = await second.WaitForMessageAsync("EnrollmentRefused", "used up", "relay enroll-token");

        Assert.DoesNotContain(token, message, StringComparison.Ordinal);
        await AssertNotReadyAsync(second, RefusalReason.EnrollmentRefused);
    }

    [Fact]
    public async Task App_VersionWithOtherColumns_TheActiveOneStays()
    {
        await using LoggedApp app = await StartAsync(("Relay:Channel", NewcomerFixture.ChangingChannel));
        await app.WaitForMessageAsync("is active");
        ModelSpec spec = SmallModel.Spec(trees: 4);
        ModelVersion next = await newcomer.Relay.TrainAsync(spec with { Columns = [.. spec.Columns.Skip(1)] }, SmallModel.Data, Cancel);
        using HttpResponseMessage published = await newcomer.Relay.Admin.PostAsJsonAsync(
            Routes.ReleaseOf(NewcomerFixture.ChangingChannel), new ReleaseRequest { Models = [next], SchemaChange = true },
            RelayApiJson.Default.ReleaseRequest, Cancel);
        published.EnsureSuccessStatusCode();

        await app.WaitForMessageAsync("SchemaMismatch", "rate", "The active release stays", "AddModel(\"small\"");

        (int status, string text) = await app.ScoreAsync();
        Assert.Equal(200, status);
        Assert.Contains("\"version\":1", text, StringComparison.OrdinalIgnoreCase);
        await AssertQuietAsync(app);
    }

    [Theory]
    [InlineData("Relay:TrustedRot", "root.json", "'Relay:TrustedRot'", "TrustedRoot")]
    [InlineData("Relay:Password", "secret", "'Relay:Password'", "TrustedRoot")]
    [InlineData("Relay:PollInterval", "often", "'Relay:PollInterval'", "often")]
    [InlineData("Relay:TlsRoot", "no-such-file.pem", "TlsRoot is 'no-such-file.pem'", "PEM file")]
    [InlineData("Relay:TrustedRoot", "no-such-file.json", "TrustedRoot is 'no-such-file.json'", "relay's operator")]
    public async Task App_WrongOption_EndsAtTheStartAndSaysWhatToWrite(string name, string value, params string[] texts)
    {
        await using LoggedApp app = await StartAsync((name, value));

        string log = await app.WaitForEndAsync();

        string first = log.Split('\n').First(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(log);
        Assert.All(texts, text => Assert.Contains(text, first, StringComparison.Ordinal));
    }
}
