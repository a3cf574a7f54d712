using Relay.TestKit;
using Relay.TestKit.Models;
using Shared.Contracts.Models;
using Sync.Native.Interop;

namespace Sync.Native.Tests;

/// <summary>Models for scaling, through the pointers that C has.</summary>
public sealed unsafe class TransformTests : LoadedModels
{
    [Fact]
    public void Transform_GoldenRows_AreTheSignedBits()
    {
        TestModel model = TestModel.ForTask(ModelTask.Scaling, version: 4);
        ulong handle = Load(model);
        float[] all = [.. Enumerable.Range(0, model.Golden.Rows).SelectMany(model.NumbersOf)];
        float[] many = new float[all.Length];

        Assert.Equal(NativeStatus.Ok, NativeApi.Transform(handle, model.Golden.Rows, all, out NativeTransformation answer, many));

        Assert.Equal((model.Sha256, 4), (NativeApi.Text(answer.Sha256), answer.Version));
        for (int row = 0; row < model.Golden.Rows; row++)
        {
            float[] features = new float[4];
            Assert.Equal(NativeStatus.Ok, NativeApi.Transform(handle, -1, model.NumbersOf(row), out answer, features));
            Assert.Equal(model.Golden.OutputBits[row], features.Select(BitConverter.SingleToUInt32Bits));
            Assert.Equal(model.Golden.OutputBits[row], many[(row * 4)..((row * 4) + 4)].Select(BitConverter.SingleToUInt32Bits));
            Assert.Equal((model.Sha256, 4), (NativeApi.Text(answer.Sha256), answer.Version));
        }
    }

    [Fact]
    public void Transform_WhatDoesNotFit_IsRefusedAndLeavesTheAnswerAlone()
    {
        ulong handle = Load(TestModel.ForTask(ModelTask.Scaling));
        float[] places = new float[8];

        Assert.Equal(NativeStatus.WrongWidth, NativeApi.Transform(handle, -1, new float[8], out NativeTransformation answer, places));
        Assert.Equal(NativeStatus.WrongWidth, NativeApi.Transform(handle, -1, new float[3], out _, places));
        Assert.Equal(NativeStatus.WrongWidth, NativeApi.Transform(handle, 3, new float[8], out _, places));
        Assert.Equal(NativeStatus.WrongOutput, NativeApi.Transform(handle, 2, new float[8], out _, places.AsSpan(0, 7)));
        Assert.Equal(NativeStatus.InvalidHandle, NativeApi.Transform(handle + 1, -1, new float[4], out _, places));
        Assert.Equal(NativeStatus.Ok, NativeApi.Transform(handle, 0, [], out _, []));
        Assert.True(answer.Sha256 == null && answer.Version == 0 && places.All(place => place == 0));
        Assert.Equal(NativeStatus.WrongTask, NativeApi.Predict(handle, new float[4], [], out _, []));
        Assert.Contains("call relaysync_transform_row", NativeApi.LastError, StringComparison.Ordinal);

        ulong classifier = Load(TestModel.Create());
        Assert.Equal(NativeStatus.WrongTask, NativeApi.Transform(classifier, -1, new float[4], out _, places));
        Assert.Contains("call relaysync_predict", NativeApi.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_AfterTheFirstCalls_AllocatesNothing()
    {
        ulong handle = Load(TestModel.ForTask(ModelTask.Scaling));
        float[] rows = new float[64];
        long least = long.MaxValue;
        for (int round = 0; round < Allocations.Rounds; round++)
        {
            ulong before = NativeApi.AllocatedBytes;
            for (int call = 0; call < 1000; call++)
            {
                NativeApi.Transform(handle, -1, rows.AsSpan(0, 4), out _, rows.AsSpan(4, 4));
                NativeApi.Transform(handle, 8, rows.AsSpan(0, 32), out _, rows.AsSpan(32, 32));
            }

            least = Math.Min(least, (long)(NativeApi.AllocatedBytes - before));
        }

        Assert.Equal(0, least);
    }
}
