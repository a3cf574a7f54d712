using Microsoft.Extensions.Options;
using Sync.Client;
using Sync.Client.Hosting;
using Sync.Native.Interop;

namespace Sync.Native.Nodes;

/// <summary>Reads the options of a node and validates them as the .NET host does.</summary>
internal static class NodeOptionReader
{
    // Before the first node can say what to set.
    static NodeOptionReader() => OptionNames.Use(NodeOption.All.GroupBy(option => option.Property)
        .ToDictionary(same => same.Key, same => string.Join(" or ", same.Select(option => $"option '{option.Name}'"))));

    /// <exception cref="NativeCallException">An option is unknown, given twice, malformed or lacks what it needs.</exception>
    public static RelaySyncOptions Read(IEnumerable<(string Name, string Value)> given)
    {
        // This library has no ONNX Runtime: it runs what the managed scorer runs.
        RelaySyncOptions options = new() { Scorer = ScorerChoice.Managed };
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string name, string value) in given)
        {
            NodeOption option = NodeOption.All.FirstOrDefault(o => o.Name == name)
                ?? throw Invalid($"there is no option '{name}'; there are {string.Join(", ", NodeOption.All.Select(o => o.Name))}");
            if (!seen.Add(name) && !option.MayRepeat)
            {
                throw Invalid($"option '{name}' is given twice: give it once");
            }

            try
            {
                option.Set(options, value);
            }
            catch (FormatException e)
            {
                throw Invalid($"option '{name}' is '{value}', {e.Message}");
            }
        }

        return new RelaySyncOptionsValidator().Validate(name: null, options) is { Failed: true, Failures: { } failures }
            ? throw Invalid(string.Join(' ', failures))
            : options;
    }

    private static NativeCallException Invalid(string message) => new(NativeStatus.InvalidArgument, message);
}
