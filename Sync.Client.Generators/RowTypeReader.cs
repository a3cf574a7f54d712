using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sync.Client.Generators;

/// <summary>Finds the properties of a row type, as reflection finds them, and what cannot be.</summary>
internal static class RowTypeReader
{
    /// <summary>The public properties that can be read, those of the type before those of its base types.</summary>
    public static IReadOnlyList<RowProperty> FindProperties(INamedTypeSymbol type)
    {
        List<RowProperty> found = [];
        for (INamedTypeSymbol? declaring = type; declaring is { SpecialType: SpecialType.None }; declaring = declaring.BaseType)
        {
            // A property hides those of its name and type.
            RowProperty[] own = [.. declaring.GetMembers().OfType<IPropertySymbol>()
                .Where(property => IsReadable(property) && !found.Any(f => IsSame(f.Symbol, property)))
                .Select(property => new RowProperty(property))];
            found.AddRange(own);
        }

        return found;
    }

    /// <summary>Why no code can be generated for a type; empty where it can.</summary>
    public static IEnumerable<RowError> FindErrors(INamedTypeSymbol type, IReadOnlyList<RowProperty> properties)
    {
        string name = type.Name;
        if (type.IsStatic || type.IsRefLikeType || type.IsFileLocal)
        {
            string what = type.IsStatic ? "static" : type.IsFileLocal ? "local to a file" : "a ref struct";
            return [RowError.Create(RowErrors.NoRowType, type, name, what)];
        }

        List<RowError> errors = [];
        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
        {
            if (!IsPartial(part))
            {
                errors.Add(RowError.Create(RowErrors.NotPartial, part, name, part.Name));
            }
        }

        if (!properties.Any(property => property.IsNumber || property.IsCategory))
        {
            errors.Add(RowError.Create(RowErrors.NoProperty, type, name));
        }

        return errors.Concat(FindMisplaced(type)).Concat(FindUnsupported(properties)).Concat(FindSame(properties));
    }

    private static IEnumerable<RowError> FindMisplaced(INamedTypeSymbol type) =>
        from property in type.GetMembers().OfType<IPropertySymbol>()
        where !IsReadable(property) && RowProperty.FindInput(property) is not null
        select RowError.Create(
            RowErrors.CannotFill, property, property.Name, RowProperty.FindInput(property)!, "it has no public getter of an instance");

    private static IEnumerable<RowError> FindUnsupported(IReadOnlyList<RowProperty> properties) =>
        from property in properties
        where property is { Input: not null, IsNumber: false, IsCategory: false }
        select RowError.Create(
            RowErrors.CannotFill, property.Symbol, property.Symbol.Name, property.Input!,
            $"{property.Symbol.Type.ToDisplayString()} is no number, bool, string or enum");

    private static IEnumerable<RowError> FindSame(IReadOnlyList<RowProperty> properties) =>
        from property in properties
        where property.Input is not null
        group property by property.Input into same
        where same.Count() > 1
        select RowError.Create(
            RowErrors.SameInput, same.ElementAt(1).Symbol, same.First().Symbol.Name, same.ElementAt(1).Symbol.Name, same.Key);

    private static bool IsSame(IPropertySymbol one, IPropertySymbol other) =>
        one.Name == other.Name && SymbolEqualityComparer.Default.Equals(one.Type, other.Type);

    private static bool IsReadable(IPropertySymbol property) => property is
    {
        IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public,
    };

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.All(
        part => part.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}
