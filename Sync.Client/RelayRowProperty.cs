using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Models;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client;

/// <summary>A public property of a row type, as generated code describes it.</summary>
/// <param name="name">The property's name.</param>
/// <param name="input">The input that <see cref="RelayInputAttribute"/> names, or null.</param>
/// <param name="kind">The kind of input that it can fill, or null where its type is neither number nor text.</param>
/// <param name="typeName">The name of the property's type, for errors.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RelayRowProperty(string name, string? input, ColumnType? kind, string typeName)
{
    /// <summary>The property's name.</summary>
    public string Name { get; } = name;

    /// <summary>The input that <see cref="RelayInputAttribute"/> names, or null.</summary>
    public string? Input { get; } = input;

    /// <summary>The kind of input that it can fill, or null where its type is neither number nor text.</summary>
    public ColumnType? Kind { get; } = kind;

    /// <summary>The name of the property's type, for errors.</summary>
    public string TypeName { get; } = typeName;

    /// <summary>The category of a member of an enum: its name, or the value of its
    /// <see cref="System.Runtime.Serialization.EnumMemberAttribute"/>.</summary>
    public static string GetCategory<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>(TEnum value)
        where TEnum : struct, Enum => EnumTexts<TEnum>.GetText(value);
}
