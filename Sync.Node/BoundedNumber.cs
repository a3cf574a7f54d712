using System.CommandLine.Parsing;
using System.Globalization;

namespace Sync.Node;

/// <summary>Reads a whole number within bounds from the command line.</summary>
internal static class BoundedNumber
{
    /// <param name="name">As the error names the option or argument.</param>
    public static Func<ArgumentResult, int> Parser(string name, int minimum, int maximum) => result =>
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        result.AddError($"{name} takes {minimum} to {maximum}, not '{text}'.");
        return minimum;
    };
}
