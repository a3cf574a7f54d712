using System.CommandLine;
using System.Text.Json;
using Relay.Server.Cli;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli;

public sealed class ListCommandTests
{
    /// <summary>Each list has the same forms, and each item is one line of it.</summary>
    [Fact]
    public async Task List_OfEachKind_IsTextOrJson()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await relay.TrainSmallAsync(trees: 2);
        await RelayCommandRun.OnAsync(relay, "alias", "set", "small@1", "champion");
        await RelayCommandRun.OnAsync(relay, "enroll-token", "--name", "a");
        string[][] commands =
        [
            ["runs", "list"], ["model", "list"], ["model", "versions", "small"], ["alias", "list", "small"],
            ["alias", "history", "small", "champion"], ["api-keys", "list"], ["enroll-token", "list"],
        ];
        foreach (string[] command in commands)
        {
            RelayCommandRun text = await RelayCommandRun.OnAsync(relay, command);
            RelayCommandRun json = await RelayCommandRun.OnAsync(relay, [.. command, "--json"]);

            Assert.Equal((0, 0), (text.Code, json.Code));
            string[] items = json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.All(items, item => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(item).ValueKind));
            Assert.Equal((true, items.Length), (items.Length > 0, text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        }
    }

    [Fact]
    public void Commands_OfTheNameList_AllHaveJson() => Assert.All(
        All(RelayCommand.Create()).Where(command => command.Name == "list" && Has(command, RelayConnection.RelayOption)),
        command => Assert.True(Has(command, "--json"), command.Description));

    private static bool Has(Command command, string option) => command.Options.Any(found => found.Name == option);

    private static IEnumerable<Command> All(Command command) => [command, .. command.Subcommands.SelectMany(All)];
}
