using Google.Protobuf;
using Relay.Training.Importing;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;

namespace Relay.Training.Tests.Importing;

public sealed class OnnxImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, bool> Models => new()
    {
        { "onnx-sklearn-forest", true },
        { "onnx-sklearn-boosting", true },
        { "onnx-sklearn-hist", true },
        { "onnx-sklearn-regression", true },
        { "onnx-xgboost", true },
        { "onnx-catboost-form", true },
        { "onnx-sklearn-network", false },
        { "onnx-sklearn-logistic", false },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Run_GraphOfAnotherTool_BecomesAProvedFile(string name, bool hasTrees)
    {
        ImportFixture fixture = ImportFixture.Load(name);

        TrainedModel model = Run(Job(fixture));

        ImportSummary import = model.Card.Import!;
        Assert.Equal("onnx", import.Format);
        Assert.Equal(hasTrees, import.Thresholds > 0);
        Assert.Equal(hasTrees, import.ComparedManagedScorer);
        Assert.Equal(hasTrees, model.UnsupportedByManagedScorer is null);
        Assert.True(import.ThresholdRows >= import.Thresholds * 6);
        Assert.Equal(fixture.Rows.Length, import.GivenRows);

        // The labels of the rows are what the library says of them.
        Assert.Equal(1, model.Card.Metrics is ClassificationMetrics c ? c.Accuracy : ((RegressionMetrics)model.Card.Metrics).R2!.Value, 1e-6);
    }

    [Fact]
    public void Run_ClassNamesInTheFile_AreThoseOfTheSchema()
    {
        TrainedModel model = Run(Job(ImportFixture.Load("onnx-sklearn-forest")));

        Assert.Equal(["bad", "benign", "odd"], model.Card.Schema.Classes);
    }

    [Fact]
    public void Run_NetworkWithoutAnswerToMissingValues_IsTold()
    {
        TrainedModel model = Run(Job(ImportFixture.Load("onnx-sklearn-network")));

        Assert.Contains(model.Card.Train.Warnings!, w => w.Contains("no finite answer", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_SourceThatNamesAnotherLabel_ShowsTheRow()
    {
        ImportFixture fixture = ImportFixture.Load("onnx-sklearn-forest");
        byte[] file = Alter(fixture, model => Reverse(Trees(model).Attribute.Single(a => a.Name == "classlabels_strings")));

        TrainingException refused = Assert.Throws<TrainingException>(() => Run(Job(fixture) with { File = file }));

        Assert.Equal(TrainingFault.ImportMismatch, refused.Fault);
        Assert.Contains("packets=", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OutputThatIsNoProbability_IsRefused()
    {
        ImportFixture fixture = ImportFixture.Load("onnx-sklearn-boosting");
        byte[] file = Alter(fixture, model => Trees(model).Attribute.Single(a => a.Name == "post_transform").S = ByteString.CopyFromUtf8("NONE"));

        Assert.Equal(TrainingFault.ImportMismatch, Assert.Throws<TrainingException>(() => Run(Job(fixture) with { File = file })).Fault);
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "loop", "operator 'Loop'" },
        { "huge constant", "operator 'ConstantOfShape'" },
        { "doubled columns", "numbers per row" },
        { "doubled vectors", "numbers per row" },
        { "vectors of stated width", "numbers per row" },
        { "wide product", "numbers per row" },
        { "pairs of classes", "numbers per row" },
        { "a list beside a matrix", "inputs of one shape" },
        { "a list beside a constant matrix", "nothing but one number" },
        { "a class for each pair of rows", "constant columns" },
        { "categories within categories", "a matrix" },
        { "softmax of rows", "the axis 1" },
        { "rows for columns", "mix rows" },
        { "rows times rows", "mix rows" },
        { "another domain", "domain 'com.example'" },
        { "external data", "another file" },
        { "cycle", "leads back" },
        { "feature", "column 99" },
        { "NaN leaf", "NaN" },
        { "NaN threshold", "NaN" },
        { "undefined value", "not defined" },
        { "text input", "one matrix" },
        { "no output", "could be the answer" },
        { "unknown output", "no output 'nothing'" },
        { "opset", "operator set 99" },
        { "function", "functions" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    [Trait("Attack", "hostile-model-file")]
    public void Read_GraphThatDoesHarm_IsRefusedBeforeItRuns(string fault, string expected)
    {
        ImportFixture fixture = ImportFixture.Load("onnx-sklearn-forest");
        byte[] file = Alter(fixture, model => Harm(model, fault));

        TrainingException refused = Assert.Throws<TrainingException>(
            () => ModelImporter.Read(Job(fixture) with { File = file, Output = fault == "unknown output" ? "nothing" : null }));

        Assert.Equal(TrainingFault.InvalidModelFile, refused.Fault);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static void Harm(ModelProto model, string fault)
    {
        GraphProto graph = model.Graph;
        AttributeProto Trees(string name) => OnnxImportTests.Trees(model).Attribute.Single(a => a.Name == name);
        switch (fault)
        {
            case "loop" or "huge constant":
                graph.Node.Insert(0, new NodeProto { OpType = fault == "loop" ? "Loop" : "ConstantOfShape", Input = { "X" }, Output = { "more" } });
                break;
            case "doubled columns":
                InsertBefore(graph, Enumerable.Range(0, 40).Select(_ => ("Concat", 2, 1L)));
                break;
            case "doubled vectors":
                InsertBefore(graph, Enumerable.Range(0, 40).Select(_ => ("FeatureVectorizer", 2, 1L)));
                break;
            case "vectors of stated width":
                Insert(graph, "FeatureVectorizer", ["X"], "wide", Integers("inputdimensions", 1L << 40));
                break;
            case "wide product":
                graph.Initializer.Add(Constant("weights", 4, 300_000));
                Insert(graph, "MatMul", ["X", "weights"], "wide");
                break;
            case "pairs of classes":
                Insert(graph, "SVMClassifier", ["X"], "pairs", Integers("classlabels_ints", [.. Enumerable.Range(0, 600).Select(i => (long)i)]));
                break;
            case "a list beside a matrix":
                Insert(graph, "Add", ["list", "column"], "square");
                Insert(graph, "ReduceMax", ["X"], "column", Integers("axes", 1));
                Insert(graph, "ReduceMax", ["X"], "list", Integers("axes", 1), Integer("keepdims", 0));
                break;
            case "a list beside a constant matrix":
                graph.Initializer.Add(Constant("one", 1, 1));
                Insert(graph, "Add", ["list", "one"], "transposed");
                Insert(graph, "ReduceMax", ["X"], "list", Integers("axes", 1), Integer("keepdims", 0));
                break;
            case "a class for each pair of rows":
                Insert(graph, "ArrayFeatureExtractor", ["X", "index"], "square");
                Insert(graph, "ArgMax", ["X"], "index", Integer("axis", 1));
                break;
            case "categories within categories":
                Insert(graph, "OneHotEncoder", ["once"], "twice", Integers("cats_int64s", 0, 1));
                Insert(graph, "OneHotEncoder", ["X"], "once", Integers("cats_int64s", 0, 1));
                break;
            case "softmax of rows":
                Insert(graph, "Softmax", ["X"], "mixed", Integer("axis", 0));
                break;
            case "rows for columns":
                InsertBefore(graph, [("Concat", 2, 0L)]);
                break;
            case "rows times rows":
                InsertBefore(graph, [("MatMul", 2, 1L)]);
                break;
            case "another domain":
                graph.Node[0].Domain = "com.example";
                break;
            case "external data":
                TensorProto outside = new() { Name = "outside", DataLocation = TensorProto.Types.DataLocation.External };
                outside.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "/etc/passwd" });
                graph.Initializer.Add(outside);
                break;
            case "cycle":
                Trees("nodes_truenodeids").Ints[1] = 1;
                break;
            case "feature":
                Trees("nodes_featureids").Ints[0] = 99;
                break;
            case "NaN leaf":
                Trees("class_weights").Floats[0] = float.NaN;
                break;
            case "NaN threshold":
                Trees("nodes_values").Floats[0] = float.NaN;
                break;
            case "undefined value":
                graph.Node[0].Input[0] = "nowhere";
                break;
            case "text input":
                graph.Input[0].Type.TensorType.ElemType = (int)TensorProto.Types.DataType.String;
                break;
            case "no output":
                graph.Output.Clear();
                break;
            case "opset":
                model.OpsetImport[0].Version = 99;
                break;
            case "function":
                model.Functions.Add(new FunctionProto { Name = "f" });
                break;
        }
    }

    // Each reads the tensor before it several times; the trees read the last.
    private static void InsertBefore(GraphProto graph, IEnumerable<(string Operation, int Times, long Axis)> chain)
    {
        string last = "X";
        int at = 0;
        foreach ((string operation, int times, long axis) in chain)
        {
            NodeProto node = new() { OpType = operation, Domain = DomainOf(operation), Output = { $"grown{at}" } };
            node.Input.AddRange(Enumerable.Repeat(last, times));
            if (operation == "Concat")
            {
                node.Attribute.Add(new AttributeProto { Name = "axis", I = axis, Type = AttributeProto.Types.AttributeType.Int });
            }

            graph.Node.Insert(at, node);
            last = $"grown{at++}";
        }

        graph.Node[at].Input[0] = last;
    }

    // The trees read the result, so that it is not left out; of several operators, each stands before those that were inserted earlier.
    private static void Insert(GraphProto graph, string operation, string[] inputs, string output, params AttributeProto[] attributes)
    {
        NodeProto node = new() { OpType = operation, Domain = DomainOf(operation), Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes);
        graph.Node.Insert(0, node);
        NodeProto trees = graph.Node.Single(n => n.OpType == OnnxNames.TreeEnsembleClassifier);
        trees.Input[0] = trees.Input[0] == "X" ? output : trees.Input[0];
    }

    private static string DomainOf(string operation) =>
        operation is "FeatureVectorizer" or "SVMClassifier" or "ArrayFeatureExtractor" or "OneHotEncoder" ? OnnxNames.MachineLearning : "";

    private static AttributeProto Integer(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    private static AttributeProto Integers(string name, params long[] values) =>
        new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    private static TensorProto Constant(string name, params long[] dimensions) =>
        new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { dimensions } };

    private static NodeProto Trees(ModelProto model) => model.Graph.Node.Single(n => n.OpType == OnnxNames.TreeEnsembleClassifier);

    private static void Reverse(AttributeProto list)
    {
        ByteString[] reversed = [.. list.Strings.Reverse()];
        list.Strings.Clear();
        list.Strings.AddRange(reversed);
    }

    private static byte[] Alter(ImportFixture fixture, Action<ModelProto> change)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(fixture.File);
        change(model);
        return model.ToByteArray();
    }

    private ImportJob Job(ImportFixture fixture) => fixture.Job(
        fixture.WriteHeldOut(_folder, fixture.Name == "onnx-sklearn-forest" ? ["bad", "benign", "odd"] : null));

    private static TrainedModel Run(ImportJob job) => new ImportPipeline().Run(job, null, TestContext.Current.CancellationToken);
}
