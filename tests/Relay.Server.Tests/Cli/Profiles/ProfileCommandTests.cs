using Relay.TestKit;

namespace Relay.Server.Tests.Cli.Profiles;

/// <summary>Commands, each in an environment of its own.</summary>
public sealed class ProfileCommandTests(PublishedRelay fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Profile_FromAddToRemove_ReachesItsRelay()
    {
        (string Name, string Value)[] key = [("TRIAL_KEY", fixture.Relay.AdminKey)];
        RelayCommandRun added = await RunAsync(
            [], "profile", "add", "trial", fixture.Relay.Address.ToString(), "--key-variable", "TRIAL_KEY", "--ca",
            fixture.Relay.CertificateAuthority);
        RelayCommandRun again = await RunAsync([], "profile", "add", "trial", "https://other.example.com");
        RelayCommandRun named = await RunAsync(key, "--profile", "trial", "channel", "list");
        RelayCommandRun byVariable = await RunAsync([.. key, ("RELAY_PROFILE", "trial")], "channel", "list");
        RelayCommandRun used = await RunAsync([], "profile", "use", "trial");
        RelayCommandRun current = await RunAsync(key, "channel", "list");
        RelayCommandRun listed = await RunAsync([], "profile", "list");
        RelayCommandRun json = await RunAsync([], "profile", "list", "--json");
        RelayCommandRun removed = await RunAsync([], "profile", "remove", "trial");
        RelayCommandRun gone = await RunAsync(key, "channel", "list", "--profile", "trial");

        Assert.Contains("Profile trial is in", added.Output, StringComparison.Ordinal);
        Assert.Contains("--replace", again.Error, StringComparison.Ordinal);
        Assert.All([named, byVariable, current], run => Assert.StartsWith("stable: release 1", run.Output, StringComparison.Ordinal));
        Assert.Equal("Profile trial is current.", used.Output.Trim());
        Assert.StartsWith("* trial: https://localhost", listed.Output, StringComparison.Ordinal);
        Assert.Contains("\"keyVariable\":\"TRIAL_KEY\"", json.Output, StringComparison.Ordinal);
        Assert.Contains("\"current\":true", json.Output, StringComparison.Ordinal);
        Assert.Equal(0, removed.Code);
        Assert.Contains("There is no profile 'trial'", gone.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            fixture.Relay.AdminKey, await File.ReadAllTextAsync(_folder.Combine("relay/profiles.json"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    /// <summary>Option, environment, profile, in this order; a profile that is named on the command line is an option.</summary>
    [Fact]
    [Trait("Attack", "api-key")]
    public async Task Key_OfEachSource_GoesInItsOrder()
    {
        string file = _folder.Combine("relay.key");
        await File.WriteAllTextAsync(file, fixture.Relay.AdminKey, TestContext.Current.CancellationToken);
        await RunAsync(
            [], "profile", "add", "trial", fixture.Relay.Address.ToString(), "--key-file", file, "--ca", fixture.Relay.CertificateAuthority);
        (string, string)[] wrong = [("RELAY_ADMIN_KEY", "relay_wrong_key"), ("RELAY_PROFILE", "trial")];

        RelayCommandRun profile = await RunAsync([("RELAY_PROFILE", "trial")], "channel", "list");
        RelayCommandRun environment = await RunAsync(wrong, "channel", "list");
        RelayCommandRun option = await RunAsync(wrong, "channel", "list", "--key", fixture.Relay.AdminKey);
        RelayCommandRun named = await RunAsync(wrong, "channel", "list", "--profile", "trial");

        Assert.Equal((0, 1, 0, 0), (profile.Code, environment.Code, option.Code, named.Code));
    }

    [Fact]
    public async Task Profile_WhereItCannotBe_IsRefused()
    {
        RelayCommandRun unset = await RunAsync(
            [], "profile", "add", "trial", fixture.Relay.Address.ToString(), "--key-variable", "TRIAL_KEY");
        RelayCommandRun noKey = await RunAsync([], "channel", "list", "--profile", "trial");
        RelayCommandRun two = await RunAsync([], "channel", "list", "--profile", "trial", "--relay", "https://other.example.com");
        RelayCommandRun noRelay = await RunAsync([], "doctor", "--profile", "trial");
        RelayCommandRun card = await RunAsync([], "card", "a.card.json", "--profile", "trial");
        RelayCommandRun keyItself = await RunAsync([], "profile", "add", "x", "https://a.example.com", "--key-variable", "relay-a-b");

        Assert.Equal(0, unset.Code);
        Assert.Contains("TRIAL_KEY, which is not set", noKey.Error, StringComparison.Ordinal);
        Assert.Contains("leave out one of them", two.Error, StringComparison.Ordinal);
        Assert.Contains("this command asks none", noRelay.Error, StringComparison.Ordinal);
        Assert.Contains("--profile is for the card of a version on a relay", card.Error, StringComparison.Ordinal);
        Assert.Contains("never the key itself", keyItself.Error, StringComparison.Ordinal);
    }

    private Task<RelayCommandRun> RunAsync((string Name, string Value)[] environment, params string[] arguments) => RelayCommandRun.InAsync(
        new(environment.ToDictionary(variable => variable.Name, variable => variable.Value)) { ["XDG_CONFIG_HOME"] = _folder.FullPath }, arguments);
}
