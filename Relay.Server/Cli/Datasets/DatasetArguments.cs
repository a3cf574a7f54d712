using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Relay.Server.Cli.Datasets;

/// <summary>What the commands about datasets have in common.</summary>
internal static class DatasetArguments
{
    public static Argument<string> Name() => new("name") { Description = "The name of a dataset." };

    public static Option<bool> Json() => new("--json") { Description = "Prints the relay's answer as one line of JSON." };

    public static string ToLine<T>(T answer, JsonTypeInfo<T> type) => JsonSerializer.Serialize(answer, type);
}
