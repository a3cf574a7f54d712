using Microsoft.CodeAnalysis;

namespace Sync.Client.Generators;

/// <summary>A public property that can be read, of a row type or of a type that it derives from.</summary>
/// <param name="symbol">The property.</param>
internal sealed class RowProperty(IPropertySymbol symbol)
{
    public IPropertySymbol Symbol => symbol;

    /// <summary>The input that <c>RelayInput</c> names, or null.</summary>
    public string? Input { get; } = FindInput(symbol);

    public bool IsNumber => symbol.RefKind == RefKind.None && (Inner.SpecialType is SpecialType.System_Boolean || IsConvertible);

    public bool IsCategory => symbol.RefKind == RefKind.None
        && (Inner.SpecialType is SpecialType.System_String || Inner.TypeKind == TypeKind.Enum);

    /// <summary>The name that reflection gives to the type.</summary>
    public string TypeName => GetTypeName(symbol.Type) + (symbol.RefKind == RefKind.None ? "" : "&");

    /// <summary>An expression of its value.</summary>
    /// <param name="row">An expression of the row.</param>
    /// <param name="variable">A name for a variable that the expression may declare.</param>
    public string WriteValue(string row, string variable)
    {
        string value = $"{row}.@{symbol.Name}";
        return !IsNullable ? Convert(value)
            : $"{value} is {{ }} {variable} ? {(Inner.SpecialType is SpecialType.System_Boolean ? $"({Convert(variable)})" : Convert(variable))}"
                + $" : {(IsNumber ? "float.NaN" : "\"\"")}";
    }

    /// <summary>The input that the attribute of a property, or of one that it overrides, names.</summary>
    public static string? FindInput(IPropertySymbol property)
    {
        AttributeData? attribute = property.GetAttributes().FirstOrDefault(
            a => a.AttributeClass is { Name: "RelayInputAttribute" } type && type.ContainingNamespace.ToDisplayString() == "Sync.Client");
        return attribute is { ConstructorArguments: { Length: 1 } arguments }
            ? arguments[0].Value as string
            : property.OverriddenProperty is { } overridden ? FindInput(overridden) : null;
    }

    private bool IsNullable => symbol.Type.OriginalDefinition.SpecialType is SpecialType.System_Nullable_T;

    private ITypeSymbol Inner => IsNullable ? ((INamedTypeSymbol)symbol.Type).TypeArguments[0] : symbol.Type;

    private bool IsConvertible => Inner.TypeKind != TypeKind.Enum && Inner.SpecialType is SpecialType.System_Single or SpecialType.System_Double
        or SpecialType.System_Decimal or SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_UInt16
        or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
        || Inner is { Name: "Half", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private string Convert(string value) => Inner.SpecialType switch
    {
        SpecialType.System_String => $"{value} ?? \"\"",
        SpecialType.System_Boolean => $"{value} ? 1f : 0f",
        SpecialType.System_Single => value,
        _ => IsNumber ? $"(float){value}" : $"global::Sync.Client.RelayRowProperty.GetCategory({value})",
    };

    private static string GetTypeName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => $"{GetTypeName(array.ElementType)}[{new string(',', array.Rank - 1)}]",
        IPointerTypeSymbol pointer => GetTypeName(pointer.PointedAtType) + "*",
        IDynamicTypeSymbol => "Object",
        _ => type.MetadataName,
    };
}
