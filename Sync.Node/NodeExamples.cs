using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Sync.Node;

/// <summary>One real command for the help of each command. A test parses them all, so that none names an option that is gone.</summary>
internal static class NodeExamples
{
    public const string Program = "relay-node";

    private const string Store = "--root root.json --store /var/lib/app/relay-store";
    private const string Relay = "--relay https://relay.example.com:60002 --ca ca.pem";

    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        [""] = $"serve {Store} --model fraud {Relay}",
        ["run"] = $"run {Store} --model fraud {Relay}",
        ["serve"] = $"serve {Store} --model fraud {Relay} --listen http://127.0.0.1:8000 --listen-grpc http://127.0.0.1:8001",
        ["health"] = "health --socket /run/relay-node/rest.sock",
        ["import"] = $"import stable.bundle {Store} --model fraud",
        ["refresh"] = $"refresh {Store} --model fraud {Relay} --enroll-token-file token.txt",
        ["predict"] = $"predict rows.parquet {Store} --model fraud --output answers.parquet",
        ["explain"] = $"explain rows.csv {Store} --model fraud --output reasons.csv",
        ["doctor"] = $"doctor {Store} --model fraud {Relay}",
        ["status"] = $"status {Store}",
        ["pin"] = $"pin 12 {Store} --model fraud {Relay}",
        ["hold"] = $"hold {Store} --model fraud {Relay}",
        ["follow"] = $"follow {Store} --model fraud {Relay}",
        ["quarantine"] = $"quarantine clear {Store}",
        ["quarantine clear"] = $"quarantine clear {Store}",
        ["schema"] = $"schema accept fraud {Store}",
        ["schema accept"] = $"schema accept fraud {Store}",
    };

    /// <summary>Shows the example of each command below the rest of its help.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((SynchronousCommandLineAction)help.Action!);
    }

    /// <param name="path">The words that name the command after the program, such as <c>quarantine clear</c>.</param>
    public static string? Find(string path) => Examples.TryGetValue(path, out string? example) ? $"{Program} {example}" : null;

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}".Trim() : "";

    private sealed class HelpWithExample(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            if (Find(PathOf(parseResult.CommandResult)) is { } example)
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Example:");
                output.WriteLine("  " + example);
                output.WriteLine();
            }

            return code;
        }
    }
}
