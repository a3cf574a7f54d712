using System.Reflection;

namespace Relay.Training.Recipes;

/// <summary>A model that trains as it is: its spec, and where its rows come from.</summary>
/// <param name="Name">The name of its model.</param>
/// <param name="Summary">One line: what goes in and what comes out.</param>
/// <param name="IsSimulated">Whether simulated traffic has its rows; otherwise they are made of lists.</param>
public sealed record Recipe(string Name, string Summary, bool IsSimulated)
{
    /// <summary>The text of its spec.</summary>
    public byte[] ReadSpec()
    {
        using Stream spec = Assembly.GetExecutingAssembly().GetManifestResourceStream($"recipes/{Name}.json")
            ?? throw new InvalidOperationException($"The program lacks the spec of the recipe {Name}.");
        byte[] text = new byte[spec.Length];
        spec.ReadExactly(text);
        return text;
    }
}
