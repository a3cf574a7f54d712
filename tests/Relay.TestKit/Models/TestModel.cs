using System.Security.Cryptography;
using Google.Protobuf;
using Relay.Training.Data.Features;
using Relay.Training.Data.Tables;
using Relay.Training.Export;
using Relay.Training.Models;
using Relay.Training.Packaging;
using Relay.Training.Trees;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.TestKit.Models;

/// <summary>A small model in a real ONNX file with real golden vectors, made in milliseconds.</summary>
public sealed class TestModel
{
    private const int GoldenRowCount = 16;

    private TestModel(byte[] onnx, ArtifactDescription description) => (Onnx, Description) = (onnx, description);

    /// <summary>The texts of every category input.</summary>
    public static IReadOnlyList<string> Categories { get; } = ["tcp", "udp", "icmp"];

    public byte[] Onnx { get; }

    public ArtifactDescription Description { get; }

    public ModelSchema Schema => Description.Schema;

    public GoldenVectors Golden => Description.Golden;

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Onnx));

    /// <param name="version">Also the seed: another version gives other probabilities.</param>
    /// <param name="names">The names of the inputs, categories first; null for f0, f1 and so on.</param>
    /// <param name="alterGolden">Changes the golden vectors, so that the file no longer keeps its promise.</param>
    public static TestModel Create(
        string name = "threat-classifier", int version = 1, int numbers = 4, int categories = 0, int trees = 12, int depth = 3,
        IReadOnlyList<string>? classes = null, IReadOnlyList<string>? names = null, Func<GoldenVectors, GoldenVectors>? alterGolden = null)
    {
        classes ??= ["safe", "xss", "ddos"];
        int features = numbers + categories;
        FeatureEncoding[] encodings =
            [.. Enumerable.Range(0, features).Select(i => new FeatureEncoding(names?[i] ?? $"f{i}", i < categories ? Categories : null))];
        TreeEnsemble ensemble = RandomEnsemble.Create(features, classes.Count, trees, depth, version, categories);
        TreeModel fitted = TreeModel.Classifier(ensemble, encodings, classes);
        return Create(fitted, name, version, alterGolden);
    }

    /// <summary>A model for regression, anomaly detection or scaling.</summary>
    /// <param name="version">Also the seed.</param>
    public static TestModel ForTask(ModelTask task, string name = "threat-classifier", int version = 1, int numbers = 4, int categories = 0)
    {
        FeatureEncoding[] encodings =
            [.. Enumerable.Range(0, numbers + categories).Select(i => new FeatureEncoding($"f{i}", i < categories ? Categories : null))];
        bool isDetector = task is ModelTask.AnomalyDetection;
        ModelSchema schema = new(
            FeatureEncoding.Columns(encodings), isDetector ? ModelSchema.AnomalyClasses : [], isDetector ? ModelSchema.AnomalyClasses[0] : null)
        {
            Task = task,
        };
        if (task is ModelTask.Scaling)
        {
            float[] numbersOfColumns = [.. encodings.Select((_, i) => version + (0.1f * i))];
            return Create(new ScalerModel(schema, encodings, new ColumnScaler(numbersOfColumns, numbersOfColumns, new bool[numbers])), name, version);
        }

        TreeEnsemble trees = RandomEnsemble.Create(encodings.Length, classes: 1, trees: 12, depth: 3, seed: version, categories) with
        {
            Link = isDetector ? Link.PathLength : Link.None,
            BaseValues = [isDetector ? -2 : 100],
            Offset = isDetector ? -0.25f : null,
        };
        return Create(new TreeModel(schema, encodings, trees), name, version);
    }

    /// <summary>A model of any shape.</summary>
    public static TestModel Create(FittedModel fitted, string name, int version, Func<GoldenVectors, GoldenVectors>? alterGolden = null)
    {
        ModelProto graph = OnnxGraphWriter.Write(fitted);
        ModelSchema schema = fitted.Schema;
        using OnnxSession session = new(graph.ToByteArray(), schema);
        GoldenVectors golden = GoldenCheck.Answer(session, Rows(fitted.Encodings), GoldenRowCount, schema, fitted.Offset);
        ArtifactDescription description = new()
        {
            Name = name,
            Version = version,
            Schema = schema,
            SchemaHash = schema.Hash(),
            Golden = alterGolden?.Invoke(golden) ?? golden,
            Metrics = null,
            DataDigest = null,
            Offset = fitted.Offset,
        };
        return new TestModel(ArtifactBuilder.Write(graph, description), description);
    }

    /// <summary>The first row's first probability, twice as far off as processors may differ.</summary>
    public static GoldenVectors SpoilOne(GoldenVectors golden)
    {
        float spoilt = BitConverter.UInt32BitsToSingle(golden.OutputBits[0][0]) + 2 * GoldenComparison.AcrossProcessors;
        return golden with
        {
            OutputBits =
                [[BitConverter.SingleToUInt32Bits(spoilt), .. golden.OutputBits[0].Skip(1)], .. golden.OutputBits.Skip(1)],
        };
    }

    /// <summary>The same graph under another version's number.</summary>
    public TestModel WithVersion(int version)
    {
        ArtifactDescription renumbered = Description with { Version = version };
        return new TestModel(ArtifactBuilder.Write(ModelProto.Parser.ParseFrom(Onnx), renumbered), renumbered);
    }

    /// <summary>The same graph in a file that lets nodes send columns.</summary>
    public TestModel WithConsent(string dataset, params string[] columns)
    {
        ArtifactDescription open = Description with { Samples = new SampleConsent(dataset, columns) };
        return new TestModel(ArtifactBuilder.Write(ModelProto.Parser.ParseFrom(Onnx), open), open);
    }

    /// <summary>The same graph under another schema, which must fit it.</summary>
    public TestModel WithSchema(Func<ModelSchema, ModelSchema> alter)
    {
        ModelSchema schema = alter(Schema);
        ArtifactDescription other = Description with { Schema = schema, SchemaHash = schema.Hash() };
        return new TestModel(ArtifactBuilder.Write(ModelProto.Parser.ParseFrom(Onnx), other), other);
    }

    /// <summary>The numbers of a golden row.</summary>
    public float[] NumbersOf(int row) => [.. Golden.Numbers[row].Select(n => n ?? float.NaN)];

    public string[] CategoriesOf(int row) => [.. Golden.Categories[row]];

    private static DataColumn[] Rows(IReadOnlyList<FeatureEncoding> encodings)
    {
        Random random = new(1);
        return [.. encodings.Select(e => e.Categories is null ? Numbers(e.Name) : Texts(e.Name))];

        DataColumn Numbers(string name) => new NumberColumn(
            name, [.. Enumerable.Range(0, GoldenRowCount).Select(i => i == 3 ? float.NaN : random.NextSingle())]);

        DataColumn Texts(string name) => new CategoryColumn(
            name, [.. Enumerable.Range(0, GoldenRowCount).Select(i => i == 5 ? -1 : random.Next(Categories.Count))], [.. Categories]);
    }
}
