using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sync.Client.Generators;

/// <summary>Implements <c>Sync.Client.IRelayRow</c> for each type with <c>RelayRow</c>, so that its rows are read without reflection.</summary>
[Generator(LanguageNames.CSharp)]
internal sealed class RelayRowGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(
        context.SyntaxProvider.ForAttributeWithMetadataName(
            "Sync.Client.RelayRowAttribute", (node, _) => node is TypeDeclarationSyntax, (found, _) => Read((INamedTypeSymbol)found.TargetSymbol)),
        Add);

    private static GeneratedRow Read(INamedTypeSymbol type)
    {
        IReadOnlyList<RowProperty> properties = RowTypeReader.FindProperties(type);
        ImmutableArray<RowError> errors = RowTypeReader.FindErrors(type, properties).ToImmutableArray();
        return new(FileName(type), errors.IsEmpty ? RowSource.Write(type, properties) : "", errors);
    }

    private static void Add(SourceProductionContext context, GeneratedRow row)
    {
        foreach (RowError error in row.Errors)
        {
            context.ReportDiagnostic(error.ToDiagnostic());
        }

        if (row.Errors.IsEmpty)
        {
            context.AddSource(row.FileName, row.Source);
        }
    }

    private static string FileName(INamedTypeSymbol type)
    {
        string name = type.MetadataName;
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            name = $"{outer.MetadataName}.{name}";
        }

        string space = type.ContainingNamespace.IsGlobalNamespace ? "" : $"{type.ContainingNamespace.ToDisplayString()}.";
        return $"{space}{name}.RelayRow.g.cs".Replace('`', '-').Replace("@", "");
    }
}
