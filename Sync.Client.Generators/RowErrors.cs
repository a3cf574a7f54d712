using Microsoft.CodeAnalysis;

namespace Sync.Client.Generators;

/// <summary>What the build says of a row type that no code can be generated for.</summary>
internal static class RowErrors
{
    public static readonly DiagnosticDescriptor NotPartial = Create(
        "RELAY001", "A row type is not partial", "'{0}' has [RelayRow]: make '{1}' partial, so that the build can add the code that reads its rows");

    public static readonly DiagnosticDescriptor NoProperty = Create(
        "RELAY002", "A row type fills no input",
        "'{0}' has [RelayRow] and no public property that is a number, a bool, a string or an enum, so that it fills no input of a model");

    public static readonly DiagnosticDescriptor CannotFill = Create(
        "RELAY003", "A property cannot fill an input", "'{0}' cannot fill the input '{1}': {2}");

    public static readonly DiagnosticDescriptor SameInput = Create(
        "RELAY004", "Two properties are for the same input", "'{0}' and '{1}' are both for the input '{2}': remove [RelayInput] from one of them");

    public static readonly DiagnosticDescriptor NoRowType = Create(
        "RELAY005", "A type cannot be a row type", "'{0}' cannot be a row type, since it is {1}: use a class, record or struct");

    private static DiagnosticDescriptor Create(string id, string title, string message) =>
        new(id, title, message, "Relay", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
