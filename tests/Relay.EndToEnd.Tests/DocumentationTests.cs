using System.Text.RegularExpressions;
using Relay.Server.Signing;
using Relay.TestKit;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.EndToEnd.Tests;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Readme_CodeOfANode_IsTheSampleThatCompiles() => Assert.Contains(
        File.ReadAllText(RepositoryRoot.Combine("samples", "MinimalNode", "Program.cs")),
        File.ReadAllText(RepositoryRoot.Combine("README.md")), StringComparison.Ordinal);

    [Fact]
    public void Guide_CodeOfANode_IsInTheSampleThatCompiles()
    {
        string[] sample = File.ReadAllLines(RepositoryRoot.Combine("samples", "TypedNode", "Program.cs"));
        string guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "node.md"));

        Assert.All(
            CodeBlock().Matches(guide).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim())
                .Where(line => line is not ("" or "// ...")),
            line => Assert.Contains(line, sample.Select(s => s.Trim())));
    }

    [Fact]
    public void Guide_ExampleSpec_IsAccepted() => ModelSpecParser.Parse(
        JsonBlock().Match(File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "model-spec.md"))).Groups[1].Value);

    [Fact]
    public void Guide_SignerSettings_AreAccepted()
    {
        using TemporaryFolder folder = new();
        MatchCollection blocks = JsonBlock().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "signers.md")));
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            File.WriteAllText(folder.Combine("signer.json"), block.Groups[1].Value);
            SignerSettings.Read(folder.Combine("signer.json"));
        });
    }

    [Fact]
    public void ThreatClassifier_Spec_NamesTheFeaturesOfTheExtractor()
    {
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "models", "threat-classifier.json")));

        Assert.Equal(HttpFeatureSchema.Names, spec.Columns.Where(c => c.Type != ColumnType.Label).Select(c => c.Name));
        Assert.Equal(HttpFeatureSchema.Names.Where(HttpFeatureSchema.IsReserved), spec.Columns.Where(c => c.Type == ColumnType.Ignore).Select(c => c.Name));
        Assert.Equal(HttpFeatureSchema.Benign, spec.Label.Benign);
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
