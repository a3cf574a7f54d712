using Shared.Contracts;

namespace Relay.Server.Models.Aliases;

/// <summary>Names of aliases: none can be mistaken for a version, so that <c>fraud@3</c> and <c>fraud@latest</c> mean one thing.</summary>
internal static class AliasName
{
    /// <summary>The word for the latest version.</summary>
    public const string Latest = "latest";

    public static bool IsValid(string text) => RelayName.IsValid(text) && text != Latest && !IsNumber(text);

    public static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
