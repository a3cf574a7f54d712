using Relay.TestKit;
using Relay.TestKit.Models;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>The start of tests of models that come from files of the test.</summary>
public abstract class LoadedModels : IDisposable
{
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>The handles to close.</summary>
    protected List<ulong> Open { get; } = [];

    public void Dispose()
    {
        Open.ForEach(model => NativeApi.CloseModel(model));
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected ulong Load(TestModel model)
    {
        NativeStatus status = NativeApi.LoadUnverifiedFile(Write(model), null, out ulong handle);
        Assert.True(status == NativeStatus.Ok, $"{status}: {NativeApi.LastError}");
        Open.Add(handle);
        return handle;
    }

    protected string Write(TestModel model)
    {
        File.WriteAllBytes(Folder.Combine("model.onnx"), model.Onnx);
        return Folder.Combine("model.onnx");
    }
}
