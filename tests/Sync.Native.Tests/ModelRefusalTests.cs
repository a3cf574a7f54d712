using Relay.TestKit.Models;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>What callers do wrong is an error with a text, never an answer and never a crash.</summary>
public sealed unsafe class ModelRefusalTests : LoadedModels
{
    [Fact]
    public void Predict_WhatDoesNotFit_IsRefusedAndLeavesTheAnswerAlone()
    {
        ulong handle = Load(TestModel.Create(numbers: 3, categories: 1));
        float[] row = [1, 2, 3];

        Assert.Equal(NativeStatus.WrongWidth, NativeApi.Predict(handle, [1, 2], ["tcp"], out NativePrediction answer, []));
        Assert.Equal(NativeStatus.WrongType, NativeApi.Predict(handle, row, [], out _, []));
        Assert.Equal(NativeStatus.WrongOutput, NativeApi.Predict(handle, row, ["tcp"], out _, new float[2]));
        Assert.Equal(NativeStatus.Ok, NativeApi.Predict(handle, row, [null], out NativePrediction missing, []));
        NativeApi.Predict(handle, row, [""], out NativePrediction empty, []);

        Assert.True(answer.Label == null && answer.Version == 0);
        Assert.Equal(empty.Probability, missing.Probability);
    }

    [Fact]
    public void Predict_NullAndBrokenText_AreErrorsAndNoCrash()
    {
        ulong handle = Load(TestModel.Create(numbers: 3, categories: 1));
        using NativeArguments arguments = new();
        float* numbers = stackalloc float[3];
        byte* bad = arguments.Add([0xC3, 0x28]);
        byte** categories = &bad;
        NativePrediction prediction;
        delegate* unmanaged[Cdecl]<ulong, float*, nuint, byte**, nuint, NativePrediction*, float*, nuint, NativeStatus> predict =
            &ScoringExports.Predict;

        Assert.Equal(NativeStatus.InvalidArgument, predict(handle, null, 3, categories, 1, &prediction, null, 0));
        Assert.Equal(NativeStatus.InvalidArgument, predict(handle, numbers, 3, null, 1, &prediction, null, 0));
        Assert.Equal(NativeStatus.InvalidArgument, predict(handle, numbers, 3, categories, 1, null, null, 0));
        Assert.Equal(NativeStatus.InvalidArgument, predict(handle, numbers, nuint.MaxValue, categories, 1, &prediction, null, 0));
        Assert.Equal(NativeStatus.InvalidArgument, predict(handle, numbers, 3, categories, 1, &prediction, null, 3));
        Assert.Equal(NativeStatus.InvalidArgument, predict(handle, numbers, 3, categories, 1, &prediction, null, 0));
        Assert.Contains("UTF-8", NativeApi.LastError, StringComparison.Ordinal);
        bad = arguments.Add("tcp");
        Assert.Equal(NativeStatus.WrongOutput, predict(handle, numbers, 3, categories, 1, &prediction, numbers, 0));
    }

    [Fact]
    [Trait("Attack", "native-closed-handle")]
    public void Handle_ClosedOrMadeUp_IsRefused()
    {
        ulong handle = Load(TestModel.Create());
        ulong other = Load(TestModel.Create(version: 2));
        float[] row = [1, 2, 3, 4];

        Assert.Equal(NativeStatus.Ok, NativeApi.CloseModel(handle));

        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Predict(handle, row, [], out _, []));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.CloseModel(handle));
        ulong again = Load(TestModel.Create());
        Assert.NotEqual(handle, again);
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Predict(handle, row, [], out _, []));
        Assert.All((ulong[])[0, 1, ulong.MaxValue, handle + 1], made => Assert.NotEqual(
            NativeStatus.Ok, made == other ? NativeStatus.InvalidHandle : NativeApi.Predict(made, row, [], out _, [])));
        Assert.Equal(NativeStatus.Ok, NativeApi.Predict(other, row, [], out NativePrediction answer, []));
        Assert.Equal(2, answer.Version);
    }

    [Fact]
    public void LoadUnverifiedFile_NotWhatWasAskedFor_IsRefused()
    {
        TestModel model = TestModel.Create();
        string path = Write(model);

        Assert.Equal(NativeStatus.FileUnreadable, NativeApi.LoadUnverifiedFile(Folder.Combine("none"), null, out _));
        Assert.Equal(NativeStatus.InvalidArgument, NativeApi.LoadUnverifiedFile(null, null, out _));
        Assert.Equal(NativeStatus.Refused, NativeApi.LoadUnverifiedFile(path, new string('0', 64), out _));
        Assert.Contains(model.Sha256, NativeApi.LastError, StringComparison.Ordinal);
        Assert.Equal(NativeStatus.Ok, NativeApi.LoadUnverifiedFile(path, model.Sha256.ToUpperInvariant(), out ulong handle));
        Open.Add(handle);
        File.WriteAllBytes(path, model.Onnx[..^1]);
        Assert.Equal(NativeStatus.Refused, NativeApi.LoadUnverifiedFile(path, null, out _));
        File.WriteAllBytes(path, TestModel.Create(alterGolden: TestModel.SpoilOne).Onnx);
        Assert.Equal(NativeStatus.Refused, NativeApi.LoadUnverifiedFile(path, null, out _));
        Assert.StartsWith("GoldenVectorMismatch", NativeApi.LastError, StringComparison.Ordinal);
    }
}
