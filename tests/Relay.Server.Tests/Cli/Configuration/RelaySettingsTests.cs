using System.CommandLine;
using Relay.Server.Cli;
using Relay.Server.Cli.Configuration;
using Relay.Server.Hosting;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli.Configuration;

public sealed class RelaySettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_FileEnvironmentAndCommandLine_TheLaterGoesBefore()
    {
        string file = Write("""{ "Relay": { "Port": 1001, "MaxNodes": 2001, "PollSeconds": 30 } }""");

        RelayOptions options = Serve(new() { ["RELAY__PORT"] = "1002", ["RELAY__MAXNODES"] = "2002" }, "--config", file, "--port", "1003");

        Assert.Equal((1003, 2002, 30), (options.Port, options.MaximumNodes, options.PollSeconds));
    }

    [Fact]
    public void Parse_List_TakesThePlaceOfTheWholeListBefore()
    {
        string file = Write("""{ "Relay": { "Name": ["a", "b", "c"], "TrustedProxy": "10.0.0.0/8" } }""");

        RelayOptions options = Serve(new() { ["RELAY__NAME__0"] = "d", ["RELAY__TRUSTEDPROXY__1"] = "10.1.0.0/16" }, "--config", file);

        Assert.Equal(["d"], options.Tls.Names);
        Assert.Equal("10.1.0.0/16", Assert.Single(options.TrustedProxies).ToString());
    }

    [Fact]
    public void Parse_FlagsInEachForm_AreRead()
    {
        string file = Write("""
            {
                // The comments and the commas of appsettings.json.
                "Relay": { "OpenMetrics": true, "OpenArtifacts": true, "openCheckIns": "True", },
                "Logging": { "LogLevel": { "Default": "Debug" } },
            }
            """);

        RelayOptions options = Serve(new() { ["RELAY__OPENARTIFACTS"] = "false" }, "--config", file);

        Assert.Equal((true, false, true), (options.OpenMetrics, options.OpenArtifacts, options.OpenCheckIns));
    }

    [Fact]
    public void Parse_FileOfTheEnvironmentAndEmptyVariables_AreReadAndPassedOver()
    {
        string file = Write("""{ "Relay": { "Port": 1001, "Otlp": null } }""");

        RelayOptions options = Serve(new() { ["RELAY__CONFIG"] = file, ["RELAY__PORT"] = "", ["relay__maxnodes"] = "7", ["RELAY_ADMIN_KEY"] = "k" });

        Assert.Equal((1001, 7), (options.Port, options.MaximumNodes));
    }

    [Theory]
    [InlineData("serve", "--help")]
    [InlineData("status")]
    [InlineData("federate", "coordinate", "round.json")]
    public void Parse_CommandsWithoutSettings_AreAsTheyWere(params string[] command)
    {
        ParseResult parsed = Parse(new() { ["RELAY__DATA"] = "/d", ["RELAY__NOSUCH"] = "1" }, command);

        Assert.DoesNotContain(parsed.Tokens, token => token.Value.Contains("/d", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Relay": { "MaxNodse": 5 } }""", "Relay:MaxNodse in FILE: there is no such setting")]
    [InlineData("""{ "Relay": { "Port": 99999 } }""", "Relay:Port in FILE: --port takes 0 to 65535, not '99999'.")]
    [InlineData("""{ "Relay": { "Port": { "Https": 5 } } }""", "Relay:Port:Https in FILE: there is no such setting")]
    [InlineData("""{ "Relay": { "Port": [1, 2] } }""", "Relay:Port in FILE: ")]
    [InlineData("""{ "Relay": { "Data": ["a", "b"] } }""", "Relay:Data in FILE: ")]
    [InlineData("""{ "Relay": { "OpenMetrics": "yes" } }""", "Relay:OpenMetrics in FILE: it takes true or false.")]
    [InlineData("""{ "Relay": { "Address": "" } }""", "Relay:Address in FILE: it is empty")]
    [InlineData("""{ "Relay": { "NewAdminKey": true } }""", "Relay:NewAdminKey in FILE: this is for one start")]
    [InlineData("""{ "Relay": { "StartAnew": false } }""", "Relay:StartAnew in FILE: this is for one start")]
    [InlineData("""{ "Port": 5 }""", "'FILE' has no settings")]
    [InlineData("""{ "Relay": 5 }""", "'FILE' has no settings")]
    [InlineData("""{ "Relay": { "Port": 5, "port": 6 } }""", "'FILE' is not a settings file")]
    [InlineData("""{ "Relay": """, "'FILE' is not a settings file")]
    [InlineData("[1]", "'FILE' is not a settings file")]
    public void Parse_WrongSettings_AreRefusedByName(string content, string error)
    {
        string file = Write(content);

        CommandException refused = Assert.Throws<CommandException>(() => Parse([], "serve", "--config", file));

        Assert.StartsWith(error.Replace("FILE", file, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_WrongSettings_AreNamedAllAtOnce()
    {
        CommandException refused = Assert.Throws<CommandException>(
            () => Parse(new() { ["RELAY__PORT"] = "x", ["RELAY__OTLP"] = "ftp://h", ["RELAY__LOG"] = "xml" }, "serve"));

        Assert.Equal(["RELAY__LOG", "RELAY__OTLP", "RELAY__PORT"], refused.Message.Split('\n').Select(line => line.Split(':')[0]));
    }

    [Theory]
    [InlineData("RELAY__PORT", "relay__port")]
    [InlineData("RELAY__NAME", "RELAY__NAME__0")]
    public void Parse_SettingThatStandsTwice_IsRefused(string one, string other) =>
        Assert.Throws<CommandException>(() => Parse(new() { [one] = "1", [other] = "2" }, "serve"));

    [Fact]
    public void Parse_FileThatIsNotThere_IsRefused() => Assert.Contains(
        "is not there", Assert.Throws<CommandException>(() => Parse(new() { ["RELAY__CONFIG"] = _folder.Combine("no.json") }, "serve")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Parse_SettingsThatExcludeAnOptionOfTheCommandLine_AreRefusedAsOptionsAre()
    {
        ParseResult parsed = Parse(new() { ["RELAY__CERTIFICATE"] = "own.pem" }, "serve", "--name", "x");

        Assert.Throws<CommandException>(() => ((ConfiguredCommand)parsed.CommandResult.Command).Serve!.Read(parsed));
    }

    [Fact]
    public async Task Config_SettingsOfAllKinds_ShowsEachWithItsSource()
    {
        string file = Write("""{ "Relay": { "Port": 1001, "Name": ["a", "b"] } }""");
        RelaySettings settings = Settings(new() { ["RELAY__MAXNODES"] = "7", ["RELAY__DATA"] = "/d", ["RELAY__DATABASE"] = "Password=secret" });
        using StringWriter output = new();

        int code = await CommandLine.RunAsync(
            RelayCommand.Create(settings), ["config", "--config", file, "--open-metrics"], output, TextWriter.Null, settings,
            TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        Assert.DoesNotContain("secret", output.ToString(), StringComparison.Ordinal);
        string[][] rows = [.. output.ToString().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Contains(rows, row => row is ["Port", "1001", "Relay:Port", "in", .., "RELAY__PORT"]);
        Assert.Contains(rows, row => row is ["Name", "a,", "b", ..]);
        Assert.Contains(rows, row => row is ["MaxNodes", "7", "RELAY__MAXNODES", "RELAY__MAXNODES"]);
        Assert.Contains(rows, row => row is ["OpenMetrics", "true", "--open-metrics", _]);
        Assert.Contains(rows, row => row is ["OpenArtifacts", "false", "default", _]);
        Assert.Contains(rows, row => row is ["Data", "/d", "RELAY__DATA", _]);
    }

    [Fact]
    public void Guide_ListsEachSettingWithItsDefault()
    {
        IEnumerable<string> rows = File.ReadLines(RepositoryRoot.Combine("docs/guides/configuration.md"))
            .SkipWhile(line => line != "| setting | default | what it is |").Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Select(cells => $"{cells[1].Trim('`')}={cells[2].Trim('`')}");

        string[] settings = [.. new ServeOptions().Settings.Select(option => $"{Setting.NameFor(option.Name)}={ConfigCommand.DefaultText(option)}")];
        Assert.Equal(settings, rows.Select(row => row.Split('=') is [var name, "none" or "all addresses" or "its own"] ? name + "=" : row));
    }

    private static RelaySettings Settings(Dictionary<string, string> environment) => new(new SettingSources(environment));

    private static ParseResult Parse(Dictionary<string, string> environment, params string[] args) =>
        Settings(environment).Parse(RelayCommand.Create(), args);

    private static RelayOptions Serve(Dictionary<string, string> environment, params string[] args)
    {
        ParseResult parsed = Parse(environment, ["serve", .. args]);
        Assert.Empty(parsed.Errors);
        return ((ConfiguredCommand)parsed.CommandResult.Command).Serve!.Read(parsed);
    }

    private string Write(string content)
    {
        string file = _folder.Combine("relay.json");
        File.WriteAllText(file, content);
        return file;
    }
}
