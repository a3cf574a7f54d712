using Relay.Training.Data.Features;
using Relay.Training.Importing;
using Relay.Training.Importing.Proof;
using Relay.Training.Models;
using Relay.Training.Trees;
using Shared.Contracts.Models;

namespace Relay.Training.Tests.Importing;

/// <summary>A model of a library in our form, over columns of numbers, and its independent reference.</summary>
internal sealed class ConvertedFixture
{
    private readonly int[] _bound = [0, 1, 2, 3];
    private readonly CategoryBinding _binding;

    private ConvertedFixture(ImportFixture fixture)
    {
        Fixture = fixture;
        SourceModel source = ModelImporter.ReadTrees(ImportFormats.Detect(fixture.File), fixture.File);
        Reference = source.Reference;
        _binding = CategoryBinding.Bind(fixture.Spec, source, _bound);
        Categories = [.. _binding.Known.Select(known => new FeatureCategories(known, IsText: false, FeatureCategories.EachAt(splits: 100)))];
        int classes = Ensemble.Link is Link.None ? 0 : Math.Max(2, Ensemble.OutputCount);
        Model = new TreeModel(ClassBinding.Bind(fixture.Spec, classes, labels: null), Encodings, Ensemble);
    }

    public ImportFixture Fixture { get; }

    public SourceReference Reference { get; }

    public TreeEnsemble Ensemble => _binding.Ensemble;

    public IReadOnlyList<FeatureEncoding> Encodings => _binding.Encodings;

    public IReadOnlyList<FeatureCategories> Categories { get; }

    public TreeModel Model { get; }

    public static ConvertedFixture Load(string name) => new(ImportFixture.Load(name));

    public long Prove(SourceReference reference, TreeEnsemble ensemble, CancellationToken cancellationToken) => TreeProof.Require(
        reference, ensemble, new ConvertedColumns(_bound, Encodings), Categories, Fixture.Rows, new RowText(["packets", "flags", "share", "bytes"]),
        null, cancellationToken);
}
