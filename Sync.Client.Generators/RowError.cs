using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Sync.Client.Generators;

/// <summary>An error as values that compare equal from build to build, which a <see cref="Diagnostic"/> does not.</summary>
internal record struct RowError(
    DiagnosticDescriptor Rule, string Path, TextSpan Span, LinePositionSpan Lines, string First, string Second, string Third)
{
    public static RowError Create(DiagnosticDescriptor rule, ISymbol subject, string first, string second = "", string third = "")
    {
        Location place = subject.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None;
        return new(rule, place.SourceTree?.FilePath ?? "", place.SourceSpan, place.GetLineSpan().Span, first, second, third);
    }

    public readonly Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Location.Create(Path, Span, Lines), First, Second, Third);
}
