namespace Sync.Client.OnnxRuntime.Tests;

public sealed class ExecutionProvidersTests
{
    [Theory]
    [InlineData(OnnxExecutionProvider.Cpu, OnnxExecutionProvider.Cpu)]
    [InlineData(OnnxExecutionProvider.Cuda, OnnxExecutionProvider.Cuda)]
    [InlineData(OnnxExecutionProvider.DirectML, OnnxExecutionProvider.Cpu)]
    public void Choose_LibraryWithCuda_TakesWhatIsRequestedAndThere(OnnxExecutionProvider requested, OnnxExecutionProvider expected) =>
        Assert.Equal(expected, ExecutionProviders.Choose(requested, ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"]));

    [Theory]
    [InlineData(OnnxExecutionProvider.Cpu)]
    [InlineData(OnnxExecutionProvider.Cuda)]
    [InlineData(OnnxExecutionProvider.DirectML)]
    public void Choose_LibraryOfThePackage_IsForTheCpu(OnnxExecutionProvider requested) =>
        Assert.Equal(OnnxExecutionProvider.Cpu, ExecutionProviders.Choose(requested));
}
