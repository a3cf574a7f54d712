using System.CommandLine;
using Relay.Server.Cli;
using Relay.Server.Cli.Configuration;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli.Configuration;

public sealed class SharedSettingTests
{
    [Theory]
    [InlineData("backup", "x.tar")]
    [InlineData("doctor")]
    [InlineData("keys", "rotate", "timestamp")]
    public void Parse_CommandInTheDataFolder_TakesTheFolderOfTheSettings(params string[] command)
    {
        ParseResult parsed = Parse(new() { ["RELAY__DATA"] = "/d/@x", ["RELAY__PORT"] = "1" }, command);

        Assert.Equal("/d/@x", parsed.GetValue<string>("--data"));
    }

    /// <summary>A machine whose environment names the data folder can mirror another relay, and explain a file of another repository.</summary>
    [Theory]
    [InlineData("mirror", "out", "--relay", "https://relay.example.com")]
    [InlineData("explain", "a.onnx", "--repository", "mirror")]
    [InlineData("serve")]
    public void Parse_FolderOfTheSettings_ExcludesNoOtherOption(params string[] command)
    {
        ParseResult parsed = Parse(new() { ["RELAY__DATA"] = "/d" }, command);

        Option data = parsed.CommandResult.Command.Options.Single(option => option.Name == "--data");
        Assert.Equal((false, "/d"), (GivenOptions.Has(parsed, data), parsed.GetValue<string>("--data")));
        Assert.Empty(parsed.Errors);
    }

    [Fact]
    public void Parse_DatabaseInTwoForms_TakesTheOneOfTheCommandLineAndRefusesTwoSettings()
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("connection");
        File.WriteAllText(file, "Host=file");

        Assert.Equal("Host=file", Database(new() { ["RELAY__DATABASE"] = "Host=setting" }, "--database-file", file));
        Assert.Equal("Host=option", Database(new() { ["RELAY__DATABASEFILE"] = file }, "--database", "Host=option"));
        Assert.Equal("Host=file", Database(new() { ["RELAY__DATABASEFILE"] = file }));
        Assert.Throws<CommandException>(() => Database(new() { ["RELAY__DATABASEFILE"] = file, ["RELAY__DATABASE"] = "Host=setting" }));
    }

    private static ParseResult Parse(Dictionary<string, string> environment, params string[] args) =>
        new RelaySettings(new SettingSources(environment)).Parse(RelayCommand.Create(), args);

    private static string? Database(Dictionary<string, string> environment, params string[] args)
    {
        ParseResult parsed = Parse(environment, ["serve", .. args]);
        return ((ConfiguredCommand)parsed.CommandResult.Command).Serve!.Read(parsed).Server;
    }
}
