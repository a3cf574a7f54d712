using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Sync.Client.Generators;

namespace Sync.Client.Tests.Generators;

/// <summary>Code is generated for small sources, compiled and run; what cannot be is an error of the build.</summary>
public sealed class RelayRowGeneratorTests
{
    // Reads the numbers of a row, by the positions of its properties.
    private const string Probe = """
        public static class Probe
        {
            public static float[] Read<TRow>(TRow row, params int[] properties) where TRow : Sync.Client.IRelayRow<TRow>
            {
                float[] numbers = new float[properties.Length];
                TRow.Read(row, properties, numbers, new string[0]);
                return numbers;
            }
        }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[RelayRow] record Row(int A);", "RELAY001")]
    [InlineData("class Outer { [RelayRow] partial record Row(int A); }", "RELAY001")]
    [InlineData("[RelayRow] partial record Row(System.DateTime A);", "RELAY002")]
    [InlineData("[RelayRow] partial class Row { public int A; internal int B => 1; public static int C => 1; }", "RELAY002")]
    [InlineData("[RelayRow] partial record Row(int A, [property: RelayInput(\"b\")] System.DateTime B);", "RELAY003")]
    [InlineData("[RelayRow] partial record Row(int A) { [RelayInput(\"b\")] internal int B => 1; }", "RELAY003")]
    [InlineData("[RelayRow] partial record Row(int A) { [RelayInput(\"b\")] public int B { private get; set; } }", "RELAY003")]
    [InlineData("[RelayRow] partial record Row([property: RelayInput(\"b\")] int A, [property: RelayInput(\"b\")] int B);", "RELAY004")]
    [InlineData("[RelayRow] static partial class Row { public static int A => 1; }", "RELAY005")]
    [InlineData("[RelayRow] ref partial struct Row { public int A => 1; }", "RELAY005")]
    [InlineData("[RelayRow] file partial class Row { public int A => 1; }", "RELAY005")]
    public void Run_TypeThatCannotBeARow_IsAnErrorAtItsPlace(string source, string id)
    {
        (Compilation _, GeneratorDriverRunResult result) = Run($"using Sync.Client;\n{source}");

        Diagnostic error = Assert.Single(result.Diagnostics);
        Assert.Equal((id, DiagnosticSeverity.Error), (error.Id, error.Severity));
        Assert.Equal(1, error.Location.GetLineSpan().StartLinePosition.Line);
        Assert.Empty(result.GeneratedTrees);
    }

    [Theory]
    [InlineData("[RelayRow] public partial record Row(int A, int B);")]
    [InlineData("[RelayRow] public sealed partial class Row(int a, int b) { public int A => a; public int B => b; }")]
    [InlineData("[RelayRow] public readonly partial record struct Row(int A, int B);")]
    [InlineData("[RelayRow] public partial struct Row(int a, int b) { public int A => a; public int B => b; }")]
    [InlineData("namespace Some.@event { [RelayRow] public partial record Row(int A, int B); }", "Some.@event.Row")]
    [InlineData(
        "public partial class Outer<T> { public partial interface I { [RelayRow] public partial record @class(T A, int B); } }",
        "Outer<int>.I.@class")]
    [InlineData("[RelayRow] public partial record Base(int B); [RelayRow] public partial record Row(int A, int B) : Base(B);")]
    public void Run_TypeOfEachKind_CompilesAndReadsItsRow(string source, string row = "Row")
    {
        (Compilation compiled, GeneratorDriverRunResult result) = Run($$"""
            using Sync.Client;
            {{source}}
            public static class Program { public static float[] Read() => Probe.Read(new {{row}}(1, 2), 1); }
            {{Probe}}
            """);

        Assert.Empty(result.Diagnostics);
        Assert.Equal([2f], (float[])Load(compiled).GetType("Program")!.GetMethod("Read")!.Invoke(null, null)!);
    }

    /// <summary>With the attribute, the method of the options is called, which needs no reflection.</summary>
    [Fact]
    public void AddModel_TypeWithAndWithoutTheAttribute_AreDifferentMethods()
    {
        (Compilation compiled, _) = Run("""
            using Sync.Client;
            [RelayRow] public partial record Generated(int A);
            public record Reflected(int A);
            public static class Program
            {
                public static void Add(RelaySyncOptions o)
                {
                    o.AddModel<Generated>("m");
                    o.AddModel<Generated>("m", _ => { });
                    o.AddModel<Reflected>("m");
                }
            }
            """);

        SemanticModel model = compiled.GetSemanticModel(compiled.SyntaxTrees.First());
        string[] called = [.. compiled.SyntaxTrees.First().GetRoot(Cancel).DescendantNodes()
            .OfType<Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax>()
            .Select(call => model.GetSymbolInfo(call, Cancel).Symbol!.ContainingType.Name)];
        Assert.Equal([nameof(RelaySyncOptions), nameof(RelaySyncOptions), nameof(RelayReflectedRows)], called);
    }

    [Fact]
    public void Run_EditElsewhere_GeneratesNothingAgain()
    {
        CSharpCompilation first = Compile("[Sync.Client.RelayRow] partial record Row(int A);");
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new RelayRowGenerator().AsSourceGenerator()], driverOptions: new(default, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGenerators(first, Cancel);

        driver = driver.RunGenerators(first.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", cancellationToken: Cancel)), Cancel);

        Assert.All(
            driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private static (Compilation Compiled, GeneratorDriverRunResult Result) Run(string source)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(new RelayRowGenerator())
            .RunGeneratorsAndUpdateCompilation(Compile(source), out Compilation compiled, out _, Cancel);
        return (compiled, driver.GetRunResult());
    }

    private static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        "Rows", [CSharpSyntaxTree.ParseText(source, cancellationToken: Cancel)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileNameWithoutExtension(path) is "System.Runtime" or "System.Private.CoreLib" or "Sync.Client"
                or "Shared.Contracts")
            .Select(path => MetadataReference.CreateFromFile(path)),
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static Assembly Load(Compilation compiled)
    {
        using MemoryStream assembly = new();
        Assert.Empty(compiled.Emit(assembly, cancellationToken: Cancel).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        return Assembly.Load(assembly.ToArray());
    }
}
