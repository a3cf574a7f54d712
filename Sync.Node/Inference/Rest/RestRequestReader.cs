using System.Text.Json;
using Sync.Node.Inference.Answers;
using Sync.Node.Inference.Tensors;
using static Sync.Node.Inference.Rest.RestJson;

namespace Sync.Node.Inference.Rest;

/// <summary>Reads a request of the protocol: JSON, and after it the tensors that are binary.</summary>
internal sealed class RestRequestReader
{
    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _maximumRows;
    private ReadOnlyMemory<byte> _binary;

    private RestRequestReader(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> binary, int maximumRows) =>
        (_json, _binary, _maximumRows) = (json, binary, maximumRows);

    /// <param name="body">The request keeps parts of it.</param>
    /// <param name="jsonLength">What Inference-Header-Content-Length says; null where all is JSON.</param>
    /// <exception cref="InferenceException">The body is no request.</exception>
    public static (InferRequest Request, bool IsBinaryDefault) Read(ReadOnlyMemory<byte> body, int? jsonLength, int maximumRows)
    {
        if (jsonLength is { } length && (length < 0 || length > body.Length))
        {
            Malformed.Throw($"Inference-Header-Content-Length is {length}, and the body has {body.Length} bytes: send the length of the JSON");
        }

        try
        {
            return new RestRequestReader(body[..(jsonLength ?? body.Length)], body[(jsonLength ?? body.Length)..], maximumRows).Read();
        }
        catch (JsonException e)
        {
            throw Malformed.Create(jsonLength is null
                ? $"the body is no JSON ({e.Message}): tensors after the JSON need the header Inference-Header-Content-Length"
                : $"the first {jsonLength} bytes of the body are no JSON ({e.Message}): see Inference-Header-Content-Length");
        }
        catch (InvalidOperationException)
        {
            throw Malformed.Create("a text of the JSON is no Unicode text");
        }
    }

    private (InferRequest Request, bool IsBinaryDefault) Read()
    {
        Utf8JsonReader reader = new(_json.Span);
        string? id = null;
        List<InputTensor>? inputs = null;
        List<(string Name, bool? IsBinary)>? outputs = null;
        bool isBinary = false;
        RequireToken(ref reader, JsonTokenType.StartObject, "the body");
        while (ReadProperty(ref reader) is { } name)
        {
            switch (name)
            {
                case "id":
                    id = ReadText(ref reader, "id");
                    break;
                case "inputs":
                    inputs = Once(inputs, ReadList(ref reader, name, ReadInput), name);
                    break;
                case "outputs":
                    outputs = Once(outputs, ReadList(ref reader, name, ReadOutput), name);
                    break;
                case "parameters":
                    isBinary = ReadParameters(ref reader, "the request", "binary_data_output").Flag ?? false;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (reader.Read())
        {
            Malformed.Throw("there is more after the JSON object");
        }

        if (!_binary.IsEmpty)
        {
            Malformed.Throw(
                $"{_binary.Length} bytes of the body belong to no input: the binary_data_size of all inputs must add up to what follows the JSON");
        }

        return (new(id, inputs ?? [], [.. (outputs ?? []).Select(o => new RequestedOutput(o.Name, o.IsBinary ?? isBinary))]), isBinary);
    }

    private InputTensor ReadInput(ref Utf8JsonReader reader)
    {
        (string? tensor, string? type, long[]? shape, ReadOnlyMemory<byte>? data, long? size) = (null, null, null, null, null);
        RequireToken(ref reader, JsonTokenType.StartObject, "an input");
        while (ReadProperty(ref reader) is { } name)
        {
            switch (name)
            {
                case "name": tensor = Once(tensor, ReadText(ref reader, "the name of an input"), name); break;
                case "datatype": type = Once(type, ReadText(ref reader, "a datatype"), name); break;
                case "shape": shape = Once(shape, ReadShape(ref reader), name); break;
                case "parameters": size = ReadParameters(ref reader, "an input", "binary_data_size").Number; break;
                case "data": data = Once(data, ReadData(ref reader), name); break;
                default: reader.Skip(); break;
            }
        }

        if (tensor is null || type is null || shape is null || (data is null) == (size is null))
        {
            Malformed.Throw($"input '{tensor}' needs name, shape, datatype, and either data or the parameter binary_data_size");
        }

        return new(
            tensor, TensorTypes.Parse(type, tensor), TensorShape.Create(shape, tensor, _maximumRows),
            data is { } json ? new JsonTensorData(json) : new RawTensorData(TakeBinary(size!.Value, tensor)));
    }

    private (string Name, bool? IsBinary) ReadOutput(ref Utf8JsonReader reader)
    {
        (string? output, bool? isBinary) = (null, null);
        RequireToken(ref reader, JsonTokenType.StartObject, "an output");
        while (ReadProperty(ref reader) is { } name)
        {
            switch (name)
            {
                case "name": output = Once(output, ReadText(ref reader, "the name of an output"), name); break;
                case "parameters": isBinary = ReadParameters(ref reader, "an output", "binary_data").Flag; break;
                default: reader.Skip(); break;
            }
        }

        return (output ?? throw Malformed.Create("an output needs a name"), isBinary);
    }

    private ReadOnlyMemory<byte> TakeBinary(long size, string tensor)
    {
        if (size < 0 || size > _binary.Length)
        {
            Malformed.Throw(
                $"input '{tensor}' has a binary_data_size of {size}, and {_binary.Length} bytes are left after the JSON: the body is cut off, or "
                    + " Inference-Header-Content-Length is missing or wrong");
        }

        ReadOnlyMemory<byte> taken = _binary[..(int)size];
        _binary = _binary[(int)size..];
        return taken;
    }

    private ReadOnlyMemory<byte> ReadData(ref Utf8JsonReader reader)
    {
        RequireToken(ref reader, JsonTokenType.StartArray, "data");
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return _json[start..(int)reader.BytesConsumed];
    }
}
