using Relay.TestKit.Models;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Tests.Answers;

/// <summary>A swap in the middle of one request.</summary>
public sealed class InferenceServiceTests
{
    private readonly TestModel _first = TestModel.Create(version: 1);
    private readonly TestModel _second = TestModel.Create(version: 2);

    [Fact]
    public async Task Infer_SwapAfterTheRowsWereRead_IsAnsweredByTheNewVersionAsAWhole()
    {
        await using ServingNode node = await ServingNode.StartAsync(_first);
        InferenceService service = new(node.Node, new(1000, 1 << 20));

        using InferAnswer answer = service.Infer(ServingNode.Model, null, Request(() => node.ActivateAsync(_second)));

        Assert.Equal((2, 2, _second.Sha256), (answer.Release, answer.Version.Version, answer.Version.Sha256));
        Assert.Equal(GoldenRows.Expected(_second), answer.Numbers.ToArray());
        Assert.Equal(_second.Golden.Labels, answer.Labels.ToArray());
    }

    [Fact]
    public async Task Infer_SwapOfTheVersionThatTheRequestNames_IsNotFound()
    {
        await using ServingNode node = await ServingNode.StartAsync(_first);
        InferenceService service = new(node.Node, new(1000, 1 << 20));

        InferenceException refused = Assert.Throws<InferenceException>(
            () => service.Infer(ServingNode.Model, "1", Request(() => node.ActivateAsync(_second))));

        Assert.Equal(InferenceFault.NotFound, refused.Fault);
    }

    private InferRequest Request(Func<Task> swap)
    {
        float[] numbers = GoldenRows.Numbers(_first);
        return new(null, [new("rows", TensorType.Fp32, new(16, 4, HasColumns: true), new SwappingData(numbers, swap))], []);
    }

    /// <summary>Rows during whose first reading another version becomes active.</summary>
    private sealed class SwappingData(float[] numbers, Func<Task> swap) : TensorData
    {
        private bool _isSwapped;

        public override long MaximumElements(TensorType type) => numbers.Length;

        public override void CopyNumbers(InputTensor tensor, Span<float> target, int stride)
        {
            numbers.CopyTo(target);
            if (!_isSwapped)
            {
                _isSwapped = true;
                Task.Run(swap).GetAwaiter().GetResult();
            }
        }

        public override void CopyTexts(InputTensor tensor, Span<string> target, int stride) => throw new NotSupportedException();
    }
}
